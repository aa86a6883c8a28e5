package dev.glint.runtime.testing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** Builds ONNX graphs by hand: input {@code input}, output {@code logits}. Users need {@code tribuo-util-onnx} on the test path. */
public final class OnnxGraphs {
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
    private long operatorSet = 17;

    /** A graph that takes pictures of this size. */
    public OnnxGraphs(int channels, int height, int width) {
        graph.addInput(value("input", channels, height, width));
    }

    /** The version of the operators, 17 otherwise. */
    public OnnxGraphs operatorSet(long version) {
        operatorSet = version;
        return this;
    }

    /** Adds a node. */
    public OnnxGraphs node(String operator, String output, String... inputs) {
        return node(operator, output, node -> {}, inputs);
    }

    /** Adds a node that is told more. */
    public OnnxGraphs node(String operator, String output, Consumer<NodeProto.Builder> more, String... inputs) {
        NodeProto.Builder node =
                NodeProto.newBuilder().setOpType(operator).setName(output).addOutput(output);
        for (String input : inputs) {
            node.addInput(input);
        }
        more.accept(node);
        graph.addNode(node);
        return this;
    }

    /** An attribute of integers. */
    public static Consumer<NodeProto.Builder> wholes(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return node -> node.addAttribute(attribute);
    }

    /** An attribute of an integer. */
    public static Consumer<NodeProto.Builder> whole(String name, long value) {
        return node -> node.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value));
    }

    /** An attribute of a number. */
    public static Consumer<NodeProto.Builder> real(String name, float value) {
        return node -> node.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value));
    }

    /** An attribute of text. */
    public static Consumer<NodeProto.Builder> text(String name, String value) {
        return node -> node.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value)));
    }

    private OnnxGraphs constant(String name, TensorProto.DataType type, ByteBuffer bytes, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
        for (long size : shape) {
            tensor.addDims(size);
        }
        graph.addInitializer(tensor.setRawData(ByteString.copyFrom(bytes.rewind())));
        return this;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Adds a tensor of floats. */
    public OnnxGraphs floats(String name, float[] values, long... shape) {
        ByteBuffer bytes = buffer(4 * values.length);
        bytes.asFloatBuffer().put(values);
        return constant(name, TensorProto.DataType.FLOAT, bytes, shape);
    }

    /** Adds a number. */
    public OnnxGraphs scalar(String name, float value) {
        return floats(name, new float[] {value});
    }

    /** Adds a tensor of unsigned bytes. */
    public OnnxGraphs unsigned(String name, byte[] values, long... shape) {
        return constant(name, TensorProto.DataType.UINT8, ByteBuffer.wrap(values), shape);
    }

    /** Adds a tensor of signed bytes. */
    public OnnxGraphs signed(String name, byte[] values, long... shape) {
        return constant(name, TensorProto.DataType.INT8, ByteBuffer.wrap(values), shape);
    }

    /** Adds a tensor of 32-bit integers. */
    public OnnxGraphs integers(String name, int[] values, long... shape) {
        ByteBuffer bytes = buffer(4 * values.length);
        bytes.asIntBuffer().put(values);
        return constant(name, TensorProto.DataType.INT32, bytes, shape);
    }

    /** Adds a tensor of 64-bit integers. */
    public OnnxGraphs longs(String name, long... values) {
        ByteBuffer bytes = buffer(8 * values.length);
        bytes.asLongBuffer().put(values);
        return constant(name, TensorProto.DataType.INT64, bytes, values.length);
    }

    /** The file, whose output has so many labels. */
    public byte[] build(int labels) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(operatorSet))
                .setGraph(graph.clone().addOutput(value("logits", labels)))
                .build()
                .toByteArray();
    }

    private static ValueInfoProto value(String name, int... sizes) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"));
        for (int size : sizes) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
        }
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                .setShape(shape)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
