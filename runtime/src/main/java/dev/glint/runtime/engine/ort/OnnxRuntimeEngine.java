package dev.glint.runtime.engine.ort;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Provider;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.onnx.OnnxFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** ONNX Runtime, which runs any model. More than one thread spins, which a single small picture seldom repays. */
public final class OnnxRuntimeEngine implements Engine {

    private final Provider provider;
    private final Consumer<String> note;

    /** On the processor. Its libraries are loaded when it first opens a model. */
    public OnnxRuntimeEngine() {
        this(Provider.CPU, why -> {});
    }

    /**
     * With any provider.
     *
     * @param note is told in half a sentence which provider {@link Provider#AUTO} became, where it had to fall back
     */
    public OnnxRuntimeEngine(Provider provider, Consumer<String> note) {
        this.provider = provider;
        this.note = note;
    }

    @Override
    public String name() {
        return "ort";
    }

    @Override
    public Optional<String> version() {
        return Optional.of(OnnxRuntime.version());
    }

    @Override
    public void start() {
        try {
            OnnxRuntime.environment();
        } catch (GlintException kept) {
            // Opening a model throws it again.
        }
    }

    @Override
    public List<Provider> providers() {
        OnnxRuntime.environment();
        return Provider.among(available());
    }

    private static List<String> available() {
        return OrtEnvironment.getAvailableProviders().stream()
                .map(OrtProvider::getName)
                .toList();
    }

    @Override
    public Optional<String> refusal(OnnxFile onnx, Signature signature) {
        return Optional.empty();
    }

    @Override
    public Session open(Path file, OnnxFile onnx, Signature signature, EngineOptions options) {
        // Before the session's options, which need the libraries as well.
        OrtEnvironment environment = OnnxRuntime.environment();
        List<String> available = available();
        return provider.open(
                available,
                "ONNX Runtime " + environment.getVersion(),
                one -> open(environment, file, onnx, signature, options, one),
                note);
    }

    private static Session open(
            OrtEnvironment environment,
            Path file,
            OnnxFile onnx,
            Signature signature,
            EngineOptions options,
            Provider provider) {
        try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
            settings.setIntraOpNumThreads(options.threads());
            settings.setInterOpNumThreads(1);
            if (options.quiet()) {
                settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            }
            append(provider, settings);
            OrtSession session = onnx.file().isPresent()
                    ? environment.createSession(onnx.file().get().toString(), settings)
                    : environment.createSession(onnx.bytes(), settings);
            return new OnnxRuntimeSession(file, signature, session);
        } catch (OrtException e) {
            throw refused(e).about(file);
        }
    }

    private static void append(Provider provider, OrtSession.SessionOptions settings) {
        try {
            switch (provider) {
                case CUDA -> settings.addCUDA();
                case TENSORRT -> settings.addTensorrt(0);
                case XNNPACK -> settings.addXnnpack(Map.of());
                case CPU, AUTO -> {}
            }
        } catch (OrtException e) {
            throw provider.unusable(String.valueOf(e.getMessage())).causedBy(e);
        }
    }

    static GlintException refused(OrtException e) {
        return GlintException.failure(
                        Reason.MODEL,
                        "a file that ONNX Runtime refuses (" + e.getMessage() + ")",
                        "an ONNX model",
                        "write the model again with exporter export")
                .causedBy(e);
    }
}
