package dev.glint.runtime.engine.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/** Buffers outside the heap, and the tensors over them that ONNX Runtime reads and fills. */
final class Tensors implements Binding {

    /** Puts a tensor over a buffer. */
    interface Factory {
        OnnxTensor create(FloatBuffer buffer, long[] shape) throws OrtException;
    }

    private final Path file;
    private final OrtSession session;
    private final FloatBuffer input;
    private final FloatBuffer output;
    private final OnnxTensor inputTensor;
    private final OnnxTensor outputTensor;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    Tensors(Path file, OrtSession session, Signature signature, int batch, Factory factory) throws OrtException {
        this.file = file;
        this.session = session;
        this.input = floats(Math.multiplyExact(batch, signature.inputSize()));
        this.output = floats(Math.multiplyExact(batch, signature.labels()));
        this.inputTensor =
                factory.create(input, new long[] {batch, signature.channels(), signature.height(), signature.width()});
        try {
            this.outputTensor = factory.create(output, new long[] {batch, signature.labels()});
        } catch (OrtException | RuntimeException e) {
            inputTensor.close();
            throw e;
        }
        this.inputs = Map.of(signature.inputName(), inputTensor);
        this.outputs = Map.of(signature.outputName(), outputTensor);
    }

    private static FloatBuffer floats(int count) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public FloatBuffer input() {
        return input.clear();
    }

    @Override
    public void run() {
        try {
            session.run(inputs, outputs).close();
        } catch (OrtException e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "a failure of " + file + " (" + e.getMessage() + ")",
                            "logits",
                            "write the model again with exporter export")
                    .causedBy(e);
        }
    }

    @Override
    public FloatBuffer output() {
        return output.clear();
    }

    @Override
    public void close() {
        inputTensor.close();
        outputTensor.close();
    }
}
