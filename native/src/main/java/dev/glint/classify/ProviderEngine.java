package dev.glint.classify;

import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Provider;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.onnx.OnnxFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * ONNX Runtime with another of its providers than the processor, told from the others by its name.
 *
 * @param provider what it computes with
 * @param engine ONNX Runtime with that provider
 */
record ProviderEngine(Provider provider, Engine engine) implements Engine {
    @Override
    public String name() {
        return engine.name() + "/" + provider;
    }

    @Override
    public Optional<String> version() {
        return engine.version();
    }

    @Override
    public void start() {
        engine.start();
    }

    @Override
    public Optional<String> refusal(OnnxFile onnx, Signature signature) {
        return engine.refusal(onnx, signature);
    }

    @Override
    public Session open(Path file, OnnxFile onnx, Signature signature, EngineOptions options) {
        return engine.open(file, onnx, signature, options);
    }
}
