package dev.glint.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Turns a model into the bytes of an ONNX file (IR version 8, all tensors inside); equal models give equal bytes. */
public final class OnnxWriter {
    /** The newest file format that every runtime with operator set 17 reads. */
    private static final long IR_VERSION = 8;

    private OnnxWriter() {}

    /** The bytes of the file. */
    public static byte[] write(OnnxModel model) {
        return proto(model).toByteArray();
    }

    /** Writes the file to a stream, which stays open; no tensor is copied on the way. */
    public static void write(OnnxModel model, OutputStream stream) throws IOException {
        proto(model).writeTo(stream);
    }

    /** The bytes of the file outside the heap. */
    public static ByteBuffer writeDirect(OnnxModel model) {
        ModelProto proto = proto(model);
        ByteBuffer bytes = ByteBuffer.allocateDirect(proto.getSerializedSize());
        CodedOutputStream stream = CodedOutputStream.newInstance(bytes);
        try {
            proto.writeTo(stream);
            stream.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.rewind();
    }

    private static ModelProto proto(OnnxModel model) {
        ModelProto.Builder proto = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName(model.producerName())
                .setProducerVersion(model.producerVersion())
                .setGraph(graph(model.graph()));
        model.opsets()
                .forEach((domain, version) -> proto.addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
        model.metadata()
                .forEach((key, value) -> proto.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return proto.build();
    }

    private static GraphProto graph(Graph graph) {
        GraphProto.Builder proto = GraphProto.newBuilder().setName(graph.name());
        graph.inputs().forEach(input -> proto.addInput(value(input)));
        graph.outputs().forEach(output -> proto.addOutput(value(output)));
        graph.nodes().forEach(node -> proto.addNode(node(node)));
        graph.initializers()
                .forEach((name, tensor) -> proto.addInitializer(tensor(tensor).setName(name)));
        return proto.build();
    }

    private static ValueInfoProto value(ValueInfo value) {
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(value.type().code());
        if (value.shape() != null) {
            tensor.setShape(shape(value.shape()));
        }
        return ValueInfoProto.newBuilder()
                .setName(value.name())
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private static TensorShapeProto shape(List<Dimension> dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Dimension dimension : dimensions) {
            TensorShapeProto.Dimension.Builder proto = shape.addDimBuilder();
            if (dimension instanceof Dimension.Fixed fixed) {
                proto.setDimValue(fixed.size());
            } else if (dimension instanceof Dimension.Free free && !free.name().isEmpty()) {
                proto.setDimParam(free.name());
            }
        }
        return shape.build();
    }

    private static NodeProto node(Node node) {
        NodeProto.Builder proto = NodeProto.newBuilder()
                .setName(node.name())
                .setDomain(node.domain())
                .setOpType(node.op())
                .addAllInput(node.inputs())
                .addAllOutput(node.outputs());
        node.attributes().forEach((name, attribute) -> proto.addAttribute(attribute(name, attribute)));
        return proto.build();
    }

    private static AttributeProto attribute(String name, Attribute attribute) {
        AttributeProto.Builder proto = AttributeProto.newBuilder().setName(name);
        if (attribute instanceof Attribute.Int value) {
            proto.setType(AttributeType.INT).setI(value.value());
        } else if (attribute instanceof Attribute.Real value) {
            proto.setType(AttributeType.FLOAT).setF(value.value());
        } else if (attribute instanceof Attribute.Text value) {
            proto.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(value.value()));
        } else if (attribute instanceof Attribute.Ints list) {
            proto.setType(AttributeType.INTS).addAllInts(list.values());
        } else if (attribute instanceof Attribute.Reals list) {
            proto.setType(AttributeType.FLOATS).addAllFloats(list.values());
        } else if (attribute instanceof Attribute.Texts list) {
            proto.setType(AttributeType.STRINGS);
            list.values().forEach(text -> proto.addStrings(ByteString.copyFromUtf8(text)));
        } else if (attribute instanceof Attribute.Constant constant) {
            proto.setType(AttributeType.TENSOR).setT(tensor(constant.value()));
        }
        return proto.build();
    }

    private static TensorProto.Builder tensor(Tensor tensor) {
        return TensorProto.newBuilder()
                .setDataType(tensor.type().code())
                .addAllDims(tensor.shape())
                .setRawData(UnsafeByteOperations.unsafeWrap(tensor.data()));
    }
}
