package dev.glint.classify.ort;

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime through its C interface, in the native image only. */
public final class OrtEngine implements Engine {
    private final OrtSettings settings;
    private @Nullable OrtEnvironment environment;
    private @Nullable GlintException failure;

    /** The library is loaded when a model is first opened, or by {@link #start}. */
    public OrtEngine(OrtSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "ort";
    }

    @Override
    public Optional<String> refusal(OnnxFile onnx, Signature signature) {
        return Optional.empty();
    }

    @Override
    public void start() {
        try {
            environment();
        } catch (GlintException kept) {
            // Opening a model throws it again.
        }
    }

    @Override
    public List<Provider> providers() {
        try {
            return Provider.among(List.of(environment().api().availableProviders()));
        } catch (OrtFailure e) {
            // One that does not say has what all have.
            return List.of(Provider.CPU);
        }
    }

    @Override
    public Optional<String> version() {
        return Optional.of(environment().version());
    }

    private synchronized OrtEnvironment environment() {
        if (failure != null) {
            throw failure;
        }
        OrtEnvironment known = environment;
        if (known == null) {
            try {
                known = OrtEnvironment.load(settings);
                environment = known;
            } catch (GlintException e) {
                failure = e;
                throw e;
            }
        }
        return known;
    }

    @Override
    public Session open(Path file, OnnxFile onnx, Signature signature, EngineOptions options) {
        OrtEnvironment loaded = environment();
        if (settings.provider() == Provider.CPU) {
            return open(loaded, file, onnx, signature, options, Provider.CPU);
        }
        try {
            return settings.provider()
                    .open(
                            List.of(loaded.api().availableProviders()),
                            "ONNX Runtime " + loaded.version(),
                            provider -> open(loaded, file, onnx, signature, options, provider),
                            settings.note());
        } catch (OrtFailure e) {
            throw refused(e).about(file);
        } catch (GlintException e) {
            throw e.about(settings.place().get());
        }
    }

    private Session open(
            OrtEnvironment loaded,
            Path file,
            OnnxFile onnx,
            Signature signature,
            EngineOptions options,
            Provider provider) {
        return new SessionMaker(loaded, file, onnx, signature, options, provider).make(settings.cache());
    }

    static GlintException refused(OrtFailure e) {
        return GlintException.failure(
                        Reason.MODEL,
                        "a file that ONNX Runtime refuses (" + e.getMessage() + ")",
                        "an ONNX model",
                        "write the model again with exporter export")
                .causedBy(e);
    }
}
