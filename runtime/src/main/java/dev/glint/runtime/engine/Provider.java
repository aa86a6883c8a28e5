package dev.glint.runtime.engine;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/** What ONNX Runtime computes with: its execution providers, as far as a build of it has them. */
public enum Provider {
    /** The processor, which every build has. */
    CPU("CPUExecutionProvider"),
    /** An NVIDIA GPU through cuDNN and cuBLAS. */
    CUDA("CUDAExecutionProvider"),
    /** An NVIDIA GPU through TensorRT, which compiles the model when it is opened; that may take minutes. */
    TENSORRT("TensorrtExecutionProvider"),
    /** The processor through XNNPACK. */
    XNNPACK("XnnpackExecutionProvider"),
    /** CUDA where it works, else the processor. */
    AUTO("");

    private final String onnxRuntimeName;

    Provider(String onnxRuntimeName) {
        this.onnxRuntimeName = onnxRuntimeName;
    }

    /** Its name on a command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its name in ONNX Runtime; empty for {@link #AUTO}. */
    public String onnxRuntimeName() {
        return onnxRuntimeName;
    }

    /** Those that a build of ONNX Runtime has, by its own names for them. */
    public static List<Provider> among(Collection<String> available) {
        List<Provider> providers = new ArrayList<>();
        for (Provider provider : values()) {
            if (available.contains(provider.onnxRuntimeName)) {
                providers.add(provider);
            }
        }
        return providers;
    }

    /**
     * Opens something with this provider; with {@link #AUTO}, with the first that works.
     *
     * @param available those that ONNX Runtime has, by its own names
     * @param runtime what ONNX Runtime is called in messages
     * @param opening opens it with one of the others
     * @param note is told in half a sentence which provider it became and why, where AUTO had to fall back
     * @throws GlintException ({@code MODEL}) if ONNX Runtime does not have it, or whatever the opening throws
     */
    public <T> T open(
            Collection<String> available, String runtime, Function<Provider, T> opening, Consumer<String> note) {
        if (this != AUTO) {
            requireAvailable(available, runtime);
            return opening.apply(this);
        }
        String why = runtime + " has no cuda";
        if (available.contains(CUDA.onnxRuntimeName)) {
            try {
                return opening.apply(CUDA);
            } catch (GlintException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        T opened = opening.apply(CPU);
        note.accept(AUTO + " is cpu: " + why);
        return opened;
    }

    /**
     * A provider that is there but does not start.
     *
     * @param reason what ONNX Runtime says
     */
    public GlintException unusable(String reason) {
        return GlintException.failure(
                Reason.MODEL,
                "a provider " + this + " that does not start (" + reason + ")",
                "its libraries and its device",
                "install what is missing, or leave out --provider");
    }

    private void requireAvailable(Collection<String> available, String runtime) {
        if (available.contains(onnxRuntimeName)) {
            return;
        }
        List<String> words = among(available).stream().map(Provider::toString).toList();
        throw GlintException.failure(
                Reason.MODEL,
                runtime + " with the providers " + String.join(", ", words),
                "one with " + this,
                "name the folder of one with --ort-lib, or leave out --provider");
    }
}
