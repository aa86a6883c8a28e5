package dev.glint.onnx.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The elements of a tensor that stand in a field per type instead of {@code raw_data}. */
final class TypedFields {
    private TypedFields() {}

    /** The elements as they would stand in {@code raw_data}. */
    static byte[] bytes(TensorProto proto, ElementType type) {
        int count = count(proto, type);
        ByteBuffer buffer =
                ByteBuffer.allocate(Math.multiplyExact(count, type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            switch (type) {
                case FLOAT -> buffer.putFloat(proto.getFloatData(i));
                case DOUBLE -> buffer.putDouble(proto.getDoubleData(i));
                case INT64 -> buffer.putLong(proto.getInt64Data(i));
                case INT32 -> buffer.putInt(proto.getInt32Data(i));
                case FLOAT16 -> buffer.putShort((short) proto.getInt32Data(i));
                case UINT8, INT8, BOOL -> buffer.put((byte) proto.getInt32Data(i));
            }
        }
        return buffer.array();
    }

    private static int count(TensorProto proto, ElementType type) {
        return switch (type) {
            case FLOAT -> proto.getFloatDataCount();
            case DOUBLE -> proto.getDoubleDataCount();
            case INT64 -> proto.getInt64DataCount();
            default -> proto.getInt32DataCount();
        };
    }
}
