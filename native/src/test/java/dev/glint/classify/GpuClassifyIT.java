package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.Skip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An ONNX Runtime with CUDA and TensorRT, be it that of {@code -Ponnxruntime-gpu} or one that {@code -Dglint.ort.gpu=DIR} names: what
 * it answers where there is an NVIDIA GPU, and how it is refused where there is none. Needs the native binary; each test skips on
 * the machines that it is not about.
 */
@Tag("gpu")
class GpuClassifyIT {
    private static final Path DIST = SharedData.projectRoot().resolve("native/target/dist");
    private static final Path LIBRARIES =
            Path.of(System.getProperty("glint.ort.gpu", DIST.resolve("lib").toString()));
    private static final String MODEL = SharedData.projectRoot()
            .resolve("edge-samples/models/cifar10-small-vgg")
            .toString();

    /** The driver of a graphics card, and that of a Jetson. */
    private static final List<Path> DRIVERS =
            List.of(Path.of("/proc/driver/nvidia/version"), Path.of("/dev/nvhost-gpu"));

    @TempDir
    private Path folder;

    @BeforeEach
    void requireLibraries() {
        require(Files.isExecutable(DIST.resolve("classify")), "the native binary: build with GRAALVM_HOME set");
        require(
                Files.isRegularFile(LIBRARIES.resolve("libonnxruntime_providers_cuda.so")),
                "an ONNX Runtime with CUDA: build with -Ponnxruntime-gpu, or name one with -Dglint.ort.gpu=DIR");
    }

    private static void require(boolean given, String needed) {
        if (!given) {
            Skip.needs(GpuClassifyIT.class, needed);
        }
    }

    private static void requireDriver(String provider) {
        require(DRIVERS.stream().anyMatch(Files::exists), "an NVIDIA GPU and its driver for " + provider);
    }

    private static void requireNoDriver() {
        require(DRIVERS.stream().noneMatch(Files::exists), "a machine without an NVIDIA driver");
    }

    private Run classify(String... words) throws IOException, InterruptedException {
        // Floats as they are: by default GPUs from Ampere on multiply with ten bits behind the point.
        Map<String, String> environment = new HashMap<>(Map.of("NVIDIA_TF32_OVERRIDE", "0"));
        environment.put("XDG_CONFIG_HOME", folder.toString());
        List<String> command = new ArrayList<>(List.of(DIST.resolve("classify").toString()));
        Collections.addAll(command, words);
        return new Sample(folder).run(environment, command.toArray(String[]::new));
    }

    private List<String> pictures() throws IOException {
        List<String> pictures = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Path picture = folder.resolve(i + ".png");
            pictures.add(Files.write(picture, ClassifyContract.png(60 * i, 200 - 40 * i, 30 + 70 * i % 200))
                    .toString());
        }
        return pictures;
    }

    private Run answers(String provider) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                "--json", "--engine", "ort", "--ort-lib", LIBRARIES.toString(), "--provider", provider, "-m", MODEL));
        words.addAll(pictures());
        return classify(words.toArray(String[]::new));
    }

    /** By the golden samples in the model, whose tolerance is what other arithmetic may change. */
    @ParameterizedTest
    @ValueSource(strings = {"cuda", "tensorrt"})
    void aGpuAnswersAsItMust(String provider) throws IOException, InterruptedException {
        requireDriver(provider);

        Run run = classify(
                "selftest",
                "--json",
                "--engine",
                "ort",
                "--ort-lib",
                LIBRARIES.toString(),
                "--provider",
                provider,
                MODEL);

        assertEquals(0, run.exitCode(), run.out() + run.err());
        JsonArray engines = JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("engines");
        assertEquals(1, engines.size(), run.out());
        JsonObject engine = engines.get(0).getAsJsonObject();
        assertTrue(engine.getAsJsonArray("samples").size() > 0, run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuda", "tensorrt", "auto"})
    void aGpuGivesTheLabelsOfTheProcessor(String provider) throws IOException, InterruptedException {
        requireDriver(provider);

        Run there = answers(provider);

        assertEquals("", there.err());
        assertEquals(labels(answers("cpu")), labels(there));
    }

    private static List<String> labels(Run run) {
        assertEquals(0, run.exitCode(), run.err());
        List<String> labels = new ArrayList<>();
        for (JsonElement picture :
                JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("pictures")) {
            labels.add(picture.getAsJsonObject()
                    .getAsJsonArray("candidates")
                    .get(0)
                    .getAsJsonObject()
                    .get("label")
                    .getAsString());
        }
        return labels;
    }

    @Test
    void itAnswersOnTheProcessor() throws IOException, InterruptedException {
        Run run = answers("cpu");

        assertEquals("", run.err());
        assertEquals(4, labels(run).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuda", "tensorrt"})
    void withoutADriverANamedProviderIsRefused(String provider) throws IOException, InterruptedException {
        requireNoDriver();

        Run run = answers(provider);

        run.assertFails(4, LIBRARIES + ": found a provider " + provider + " that does not start (");
        assertTrue(run.err().contains("expected its libraries and its device; install what is missing"), run.err());
    }

    @Test
    void withoutADriverAutoFallsBackAndSaysSoOnce() throws IOException, InterruptedException {
        requireNoDriver();

        Run run = answers("auto");

        assertEquals(labels(answers("cpu")), labels(run));
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(
                run.err().startsWith("note: --provider auto is cpu: found a provider cuda that does not start ("),
                run.err());
    }

    @Test
    void selftestTellsOfTheProvidersThatDoNotStart() throws IOException, InterruptedException {
        requireNoDriver();

        Run run = classify("selftest", "--ort-lib", LIBRARIES.toString(), MODEL);

        assertEquals(0, run.exitCode(), run.out() + run.err());
        assertTrue(run.out().contains("ort/cuda"), run.out());
        assertTrue(run.out().contains("that does not start"), run.out());
    }
}
