package dev.glint.trainer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.engine.DeviceChoice.Chosen;
import dev.glint.trainer.engine.DeviceChoice.Kind;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceChoiceTest {
    /** A machine with two GPUs, of which the second one can be used. */
    private static final IntFunction<Optional<String>> SECOND =
            number -> number == 1 ? Optional.empty() : Optional.of("GPU " + number + " is broken");

    @Test
    void readsItsTexts() {
        assertEquals(new DeviceChoice(Kind.AUTO, 0), DeviceChoice.parse("auto"));
        assertEquals(new DeviceChoice(Kind.CPU, 0), DeviceChoice.parse("cpu"));
        assertEquals(new DeviceChoice(Kind.GPU, 0), DeviceChoice.parse("gpu"));
        assertEquals(new DeviceChoice(Kind.GPU, 12), DeviceChoice.parse("gpu:12"));
        assertEquals("cpu", DeviceChoice.text(Device.cpu()));
        assertEquals("gpu:3", DeviceChoice.text(DeviceChoice.parse("gpu:3").device()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GPU", "gpu:", "gpu:-1", "gpu:x", "gpu:1234", "cuda", "auto:1"})
    void refusesOthers(String text) {
        GlintException failure = assertThrows(GlintException.class, () -> DeviceChoice.parse(text));
        assertEquals(Reason.USAGE, failure.reason());
    }

    @Test
    void autoGoesOnWithTheCpuAndSaysWhy() {
        assertEquals(
                new Chosen(Device.cpu(), Optional.of("on the CPU: GPU 0 is broken")),
                DeviceChoice.parse("auto").resolve(SECOND));
        assertEquals(
                new Chosen(Device.gpu(0), Optional.empty()),
                DeviceChoice.parse("auto").resolve(number -> Optional.empty()));
    }

    @Test
    void theCpuIsTakenWithoutAsking() {
        assertEquals(
                new Chosen(Device.cpu(), Optional.empty()),
                DeviceChoice.parse("cpu").resolve(number -> {
                    throw new AssertionError("asked for GPU " + number);
                }));
    }

    @Test
    void aGpuThatIsAskedForIsTakenOrRefused() {
        assertEquals(
                new Chosen(Device.gpu(1), Optional.empty()),
                DeviceChoice.parse("gpu:1").resolve(SECOND));
        GlintException failure = assertThrows(
                GlintException.class, () -> DeviceChoice.parse("gpu").resolve(SECOND));
        assertEquals(Reason.USAGE, failure.reason());
        assertTrue(
                failure.getMessage().startsWith("found no usable GPU (GPU 0 is broken), expected gpu:0; "),
                failure.getMessage());
    }

    @Test
    void aTrialComputesAndExplainsInALine() {
        TorchEngine.newManager(1).close();
        assertEquals(Optional.empty(), Gpu.trial(Device.cpu()));
        Optional<String> reason = Gpu.trial(Device.gpu(99));
        assertEquals(1, reason.orElseThrow().lines().count(), reason.get());
    }
}
