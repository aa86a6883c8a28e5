package dev.glint.onnx.inference;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Tensors of a graph as those of ONNX Runtime, and back. */
public final class TypedTensors {
    private TypedTensors() {}

    /** A copy for ONNX Runtime, to be closed. */
    static OnnxTensor toOnnx(OrtEnvironment environment, Tensor tensor) throws OrtException {
        ByteBuffer data = ByteBuffer.allocateDirect(tensor.data().length).order(ByteOrder.nativeOrder());
        data.put(tensor.data()).flip();
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        return OnnxTensor.createTensor(environment, data, shape, javaType(tensor.type()));
    }

    /** A copy of what ONNX Runtime made. */
    static Tensor fromOnnx(OnnxTensor tensor) {
        TensorInfo info = tensor.getInfo();
        ByteBuffer data = tensor.getByteBuffer();
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        List<Long> shape = Arrays.stream(info.getShape()).boxed().toList();
        return new Tensor(type(info.type), shape, bytes);
    }

    private static ElementType type(OnnxJavaType type) {
        return Arrays.stream(ElementType.values())
                .filter(known -> javaType(known) == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a tensor of " + type));
    }

    /** What ONNX Runtime calls a type. */
    public static OnnxJavaType javaType(ElementType type) {
        return switch (type) {
            case FLOAT -> OnnxJavaType.FLOAT;
            case DOUBLE -> OnnxJavaType.DOUBLE;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case INT8 -> OnnxJavaType.INT8;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case BOOL -> OnnxJavaType.BOOL;
        };
    }
}
