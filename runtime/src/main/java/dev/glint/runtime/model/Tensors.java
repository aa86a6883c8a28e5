package dev.glint.runtime.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.glint.runtime.contract.PreprocessContract;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * The input and output of one picture: buffers outside the heap, and the tensors over them that ONNX Runtime reads and
 * fills. Close it to free the tensors.
 */
final class Tensors implements AutoCloseable {

    /** Puts a tensor over a buffer. */
    interface Factory {
        OnnxTensor create(FloatBuffer buffer, long[] shape) throws OrtException;
    }

    private final FloatBuffer input;
    private final FloatBuffer output;
    private final OnnxTensor inputTensor;
    private final OnnxTensor outputTensor;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    Tensors(PreprocessContract contract, Signature signature, Factory factory) throws OrtException {
        this.input = floats(contract.tensorSize());
        this.output = floats(contract.labels().size());
        this.inputTensor =
                factory.create(input, new long[] {1, contract.channels(), contract.height(), contract.width()});
        try {
            this.outputTensor = factory.create(output, new long[] {1, output.capacity()});
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

    /** The (1, C, H, W) values of the input, to be filled from the first on. */
    FloatBuffer input() {
        return input.clear();
    }

    /** A copy of the output, one value per label. */
    float[] output() {
        float[] values = new float[output.capacity()];
        output.get(0, values);
        return values;
    }

    Map<String, OnnxTensor> inputs() {
        return inputs;
    }

    Map<String, OnnxTensor> outputs() {
        return outputs;
    }

    @Override
    public void close() {
        inputTensor.close();
        outputTensor.close();
    }
}
