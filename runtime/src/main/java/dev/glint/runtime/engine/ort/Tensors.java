package dev.glint.runtime.engine.ort;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.glint.runtime.contract.ElementType;
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
        OnnxTensor create(ByteBuffer bytes, OnnxJavaType type, long[] shape) throws OrtException;
    }

    private final Path file;
    private final OrtSession session;
    private final ByteBuffer input;
    private final FloatBuffer floatInput;
    private final FloatBuffer output;
    private final OnnxTensor inputTensor;
    private final OnnxTensor outputTensor;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    Tensors(Path file, OrtSession session, Signature signature, int batch, Factory factory) throws OrtException {
        this.file = file;
        this.session = session;
        boolean bytes = signature.elementType() == ElementType.UINT8;
        long[] shape = signature.inputShape(batch);
        this.input = allocate(
                Math.multiplyExact(batch, signature.inputSize()),
                signature.elementType().bytes());
        this.floatInput = input.asFloatBuffer();
        ByteBuffer outputBytes = allocate(Math.multiplyExact(batch, signature.labels()), Float.BYTES);
        this.output = outputBytes.asFloatBuffer();
        this.inputTensor = factory.create(input, bytes ? OnnxJavaType.UINT8 : OnnxJavaType.FLOAT, shape);
        try {
            this.outputTensor = factory.create(outputBytes, OnnxJavaType.FLOAT, new long[] {batch, signature.labels()});
        } catch (OrtException | RuntimeException e) {
            inputTensor.close();
            throw e;
        }
        this.inputs = Map.of(signature.inputName(), inputTensor);
        this.outputs = Map.of(signature.outputName(), outputTensor);
    }

    private static ByteBuffer allocate(int values, int bytes) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(values, bytes)).order(ByteOrder.nativeOrder());
    }

    @Override
    public FloatBuffer input() {
        return floatInput.clear();
    }

    @Override
    public ByteBuffer byteInput() {
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
