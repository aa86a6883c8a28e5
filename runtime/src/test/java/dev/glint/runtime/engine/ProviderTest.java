package dev.glint.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProviderTest {
    private static final List<String> PROCESSOR = List.of("CPUExecutionProvider");
    private static final List<String> GPU = List.of("CUDAExecutionProvider", "CPUExecutionProvider");

    private final List<String> notes = new ArrayList<>();
    private final List<Provider> tried = new ArrayList<>();

    @Test
    void aNamedProviderThatIsMissingIsRefused() {
        GlintException e = assertThrows(GlintException.class, () -> open(Provider.CUDA, PROCESSOR));

        assertEquals(Reason.MODEL, e.reason());
        assertEquals(
                "found ONNX Runtime 1.28.0 with the providers cpu, expected one with cuda; name the folder of one with "
                        + "--ort-lib, or leave out --provider",
                e.getMessage());
        assertEquals(List.of(), tried);
    }

    @Test
    void aNamedProviderThatDoesNotStartIsNotReplaced() {
        GlintException e = assertThrows(
                GlintException.class,
                () -> Provider.CUDA.open(GPU, "ONNX Runtime 1.28.0", ProviderTest::withoutCuda, notes::add));

        assertEquals(Reason.MODEL, e.reason());
        assertEquals(
                "found a provider cuda that does not start (no libcudart), expected its libraries and its device; install "
                        + "what is missing, or leave out --provider",
                e.getMessage());
        assertEquals(List.of(), notes);
    }

    @Test
    void autoTakesCudaWhereItWorks() {
        assertEquals("cuda", open(Provider.AUTO, GPU));
        assertEquals(List.of(), notes);
    }

    @Test
    void autoFallsBackAndSaysWhy() {
        assertEquals("cpu", open(Provider.AUTO, PROCESSOR));
        assertEquals(List.of("auto is cpu: ONNX Runtime 1.28.0 has no cuda"), notes);

        notes.clear();
        assertEquals("cpu", Provider.AUTO.open(GPU, "ONNX Runtime 1.28.0", ProviderTest::withoutCuda, notes::add));
        assertEquals(1, notes.size());
        assertEquals(
                "auto is cpu: found a provider cuda that does not start (no libcudart)",
                notes.get(0).split(",")[0]);
    }

    @Test
    void aModelThatNoProviderRunsIsAFailureOfTheModel() {
        GlintException broken = GlintException.failure(Reason.MODEL, "a broken model", "another", "write it again");

        GlintException e = assertThrows(
                GlintException.class,
                () -> Provider.AUTO.open(
                        GPU,
                        "ONNX Runtime 1.28.0",
                        provider -> {
                            throw broken;
                        },
                        notes::add));

        assertEquals(broken, e);
        assertEquals(List.of(), notes);
    }

    private String open(Provider provider, List<String> available) {
        return provider.open(
                available,
                "ONNX Runtime 1.28.0",
                one -> {
                    tried.add(one);
                    return one.toString();
                },
                notes::add);
    }

    private static String withoutCuda(Provider provider) {
        if (provider == Provider.CUDA) {
            throw provider.unusable("no libcudart");
        }
        return provider.toString();
    }
}
