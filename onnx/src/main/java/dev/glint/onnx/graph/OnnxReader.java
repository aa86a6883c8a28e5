package dev.glint.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads ONNX files: what {@link OnnxWriter} writes, and what ONNX Runtime saves when it has optimised such a file. The
 * bytes are not trusted. Refused are external data, sparse tensors, sub-graphs, functions and types beyond {@link
 * ElementType}.
 */
public final class OnnxReader {
    /** What protobuf allows a message. */
    private static final long MAX_BYTES = Integer.MAX_VALUE;

    private OnnxReader() {}

    /**
     * Reads a file.
     *
     * @throws GlintException ({@code MODEL}), naming the file, if it is missing or no model that can be read
     */
    public static OnnxModel read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw GlintException.failure(
                        Reason.LIMIT, Files.size(file) + " bytes", "at most 2 GiB", "use a smaller model");
            }
            return read(Files.readAllBytes(file));
        } catch (GlintException e) {
            throw e.about(file);
        } catch (IOException e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "no readable file (" + e + ")",
                            "an ONNX model",
                            "check the path of the model")
                    .causedBy(e)
                    .about(file);
        }
    }

    /**
     * Reads the bytes of a file.
     *
     * @throws GlintException ({@code MODEL}) if they are no model that can be read
     */
    public static OnnxModel read(byte[] bytes) {
        try {
            return model(ModelProto.parseFrom(bytes));
        } catch (InvalidProtocolBufferException | IllegalArgumentException | ArithmeticException e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "no valid ONNX model (" + e.getMessage() + ")",
                            "an ONNX file with all its tensors inside",
                            "write the model again with exporter export")
                    .causedBy(e);
        }
    }

    private static OnnxModel model(ModelProto proto) {
        require(proto.hasGraph(), "no graph");
        require(proto.getFunctionsCount() == 0, "functions");
        TreeMap<String, Long> opsets = new TreeMap<>();
        proto.getOpsetImportList().forEach(opset -> opsets.put(opset.getDomain(), opset.getVersion()));
        Map<String, String> metadata = new LinkedHashMap<>();
        proto.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        return new OnnxModel(
                graph(proto.getGraph()), proto.getProducerName(), proto.getProducerVersion(), opsets, metadata);
    }

    private static Graph graph(GraphProto proto) {
        require(proto.getSparseInitializerCount() == 0, "sparse tensors");
        Map<String, Tensor> initializers = new LinkedHashMap<>();
        for (TensorProto tensor : proto.getInitializerList()) {
            require(initializers.put(tensor.getName(), tensor(tensor)) == null, "two tensors " + tensor.getName());
        }
        List<ValueInfo> inputs = new ArrayList<>();
        for (ValueInfoProto input : proto.getInputList()) {
            // Files of IR version 3 and before list the initializers among the inputs.
            if (!initializers.containsKey(input.getName())) {
                inputs.add(value(input));
            }
        }
        List<Node> nodes = new ArrayList<>();
        FreshNames names = new FreshNames();
        for (NodeProto node : proto.getNodeList()) {
            nodes.add(node(node, names));
        }
        return new Graph(
                proto.getName(),
                inputs,
                proto.getOutputList().stream().map(OnnxReader::value).toList(),
                nodes,
                initializers);
    }

    private static ValueInfo value(ValueInfoProto proto) {
        require(proto.getType().hasTensorType(), "value " + proto.getName() + " is no tensor");
        TypeProto.Tensor tensor = proto.getType().getTensorType();
        ElementType type = ElementType.fromCode(tensor.getElemType());
        return new ValueInfo(proto.getName(), type, tensor.hasShape() ? shape(tensor.getShape()) : null);
    }

    private static List<Dimension> shape(TensorShapeProto proto) {
        List<Dimension> shape = new ArrayList<>();
        for (TensorShapeProto.Dimension dimension : proto.getDimList()) {
            shape.add(
                    dimension.hasDimValue()
                            ? new Dimension.Fixed(dimension.getDimValue())
                            : new Dimension.Free(dimension.getDimParam()));
        }
        return shape;
    }

    private static Node node(NodeProto proto, FreshNames names) {
        TreeMap<String, Attribute> attributes = new TreeMap<>();
        proto.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute(attribute)));
        // "ai.onnx" is another spelling of ONNX's own domain.
        String domain = proto.getDomain().equals("ai.onnx") ? "" : proto.getDomain();
        String name = proto.getName().isEmpty() ? proto.getOpType() : proto.getName();
        return new Node(
                names.allocate(name),
                domain,
                proto.getOpType(),
                proto.getInputList(),
                proto.getOutputList(),
                attributes);
    }

    private static Attribute attribute(AttributeProto proto) {
        require(proto.getRefAttrName().isEmpty(), "attribute " + proto.getName() + " refers to a function's");
        switch (proto.getType()) {
            case INT:
                return new Attribute.Int(proto.getI());
            case FLOAT:
                return new Attribute.Real(proto.getF());
            case STRING:
                return new Attribute.Text(proto.getS().toStringUtf8());
            case INTS:
                return new Attribute.Ints(proto.getIntsList());
            case FLOATS:
                return new Attribute.Reals(proto.getFloatsList());
            case STRINGS:
                return new Attribute.Texts(proto.getStringsList().stream()
                        .map(ByteString::toStringUtf8)
                        .toList());
            case TENSOR:
                return new Attribute.Constant(tensor(proto.getT()));
            default:
                throw new IllegalArgumentException("attribute " + proto.getName() + " of type " + proto.getType());
        }
    }

    private static Tensor tensor(TensorProto proto) {
        String name = "tensor " + proto.getName();
        require(proto.getDataLocation() != TensorProto.DataLocation.EXTERNAL, name + " lies in another file");
        require(proto.getExternalDataCount() == 0, name + " lies in another file");
        ElementType type = ElementType.fromCode(proto.getDataType());
        byte[] data = proto.hasRawData() ? proto.getRawData().toByteArray() : TypedFields.bytes(proto, type);
        return new Tensor(type, proto.getDimsList(), data);
    }

    private static void require(boolean condition, String found) {
        if (!condition) {
            throw new IllegalArgumentException(found);
        }
    }
}
