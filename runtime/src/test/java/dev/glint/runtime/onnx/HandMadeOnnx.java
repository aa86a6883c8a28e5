package dev.glint.runtime.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.ByteBuffer;

/** Files written field by field. */
final class HandMadeOnnx {
    private HandMadeOnnx() {}

    static NodeProto relu(String input, String output) {
        return NodeProto.newBuilder()
                .setOpType("Relu")
                .addInput(input)
                .addOutput(output)
                .build();
    }

    static GraphProto.Builder tensor(long... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName("w").setDataType(1).setRawData(ByteString.copyFrom(new byte[4]));
        for (long size : shape) {
            tensor.addDims(size);
        }
        return GraphProto.newBuilder().addInitializer(tensor);
    }

    static byte[] model(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    static void assertRefused(String what, String because, byte[] bytes) {
        GlintException refusal = assertThrows(
                GlintException.class, () -> OnnxFile.parse(ByteBuffer.wrap(bytes), OnnxLimits.defaults()), what);
        assertEquals(Reason.MODEL, refusal.reason());
        assertTrue(refusal.getMessage().contains(because), refusal::getMessage);
    }
}
