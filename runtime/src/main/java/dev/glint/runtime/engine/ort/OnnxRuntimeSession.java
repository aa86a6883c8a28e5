package dev.glint.runtime.engine.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import java.nio.file.Path;

/** A session of ONNX Runtime. */
final class OnnxRuntimeSession implements Session {
    private final Path file;
    private final Signature signature;
    private final OrtSession session;

    OnnxRuntimeSession(Path file, Signature signature, OrtSession session) {
        this.file = file;
        this.signature = signature;
        this.session = session;
    }

    @Override
    public Binding bind(int batch) {
        OrtEnvironment environment = OnnxRuntime.environment();
        try {
            return new Tensors(
                    file,
                    session,
                    signature,
                    batch,
                    (bytes, type, shape) -> OnnxTensor.createTensor(environment, bytes, shape, type));
        } catch (OrtException e) {
            throw OnnxRuntimeEngine.refused(e).about(file);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
