package dev.glint.onnx.normalize;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.platform.Fp16Conversions;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.runtime.engine.ort.OnnxRuntime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/** Models of any operator set and precision in ONNX Runtime, not optimised. */
final class TestSession {
    private TestSession() {}

    /** What an output is, as floats, for the first input. */
    static float[] run(OnnxModel model, long[] shape, float[] pictures, String output) {
        OrtEnvironment environment = OnnxRuntime.environment();
        ValueInfo input = model.graph().inputs().get(0);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(OnnxWriter.write(model), options);
                    OnnxTensor tensor = tensor(environment, input.type(), shape, pictures);
                    OrtSession.Result result = session.run(Map.of(input.name(), tensor), Set.of(output))) {
                FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] values = new float[buffer.remaining()];
                buffer.get(values);
                return values;
            }
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, ElementType type, long[] shape, float[] values)
            throws OrtException {
        if (type == ElementType.FLOAT) {
            return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
        }
        ByteBuffer half = ByteBuffer.allocateDirect(values.length * Short.BYTES).order(ByteOrder.nativeOrder());
        for (float value : values) {
            half.putShort(Fp16Conversions.floatToFp16(value));
        }
        half.rewind();
        return OnnxTensor.createTensor(environment, half, shape, OnnxJavaType.FLOAT16);
    }
}
