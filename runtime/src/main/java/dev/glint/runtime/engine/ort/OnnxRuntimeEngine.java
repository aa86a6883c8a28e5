package dev.glint.runtime.engine.ort;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.onnx.OnnxFile;
import java.nio.file.Path;
import java.util.Optional;

/** ONNX Runtime, which runs any model. More than one thread spins, which a single small picture seldom repays. */
public final class OnnxRuntimeEngine implements Engine {

    /** Its libraries are loaded when it first opens a model. */
    public OnnxRuntimeEngine() {}

    @Override
    public String name() {
        return "ort";
    }

    @Override
    public Optional<String> refusal(OnnxFile onnx, Signature signature) {
        return Optional.empty();
    }

    @Override
    public Session open(Path file, OnnxFile onnx, Signature signature, EngineOptions options) {
        // Before the session's options, which need the libraries as well.
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
            settings.setIntraOpNumThreads(options.threads());
            settings.setInterOpNumThreads(1);
            if (options.quiet()) {
                settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            }
            OrtSession session = onnx.file().isPresent()
                    ? environment.createSession(onnx.file().get().toString(), settings)
                    : environment.createSession(onnx.bytes(), settings);
            return new OnnxRuntimeSession(file, signature, session);
        } catch (OrtException e) {
            throw refused(e).about(file);
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
