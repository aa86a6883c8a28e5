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
import dev.glint.onnx.graph.ValueInfo.Dimension;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns the messages of an ONNX file into values. They are not trusted: what is not sound, sparse tensors, sub-graphs,
 * functions and types beyond {@link ElementType} end in an {@link IllegalArgumentException} that says so.
 */
public final class ModelParser {
    private final ExternalData external;

    /** Where the elements of tensors are found that lie outside the file. */
    @FunctionalInterface
    public interface ExternalData {
        /**
         * The elements, little-endian, or an {@link IllegalArgumentException}.
         *
         * @param tensor what errors call it
         * @param bytes how many there must be
         * @param entries where the file says that they lie: {@code location}, {@code offset}, {@code length}
         */
        byte[] read(String tensor, long bytes, Map<String, String> entries);
    }

    /** A parser that looks for external data there. */
    public ModelParser(ExternalData external) {
        this.external = external;
    }

    /** A parser of files that must be complete alone. */
    static ModelParser forCompleteFiles() {
        return new ModelParser((tensor, bytes, entries) -> {
            throw new IllegalArgumentException(tensor + " lies in another file");
        });
    }

    /** The model in a message. */
    public OnnxModel model(ModelProto proto) {
        require(proto.hasGraph(), "no graph");
        require(proto.getFunctionsCount() == 0, "functions");
        TreeMap<String, Long> opsets = new TreeMap<>();
        proto.getOpsetImportList().forEach(opset -> opsets.put(domain(opset.getDomain()), opset.getVersion()));
        Map<String, String> metadata = new LinkedHashMap<>();
        proto.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        return new OnnxModel(
                graph(proto.getGraph()), proto.getProducerName(), proto.getProducerVersion(), opsets, metadata);
    }

    private Graph graph(GraphProto proto) {
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
                proto.getOutputList().stream().map(ModelParser::value).toList(),
                nodes,
                initializers);
    }

    /** "ai.onnx" is another spelling of ONNX's own domain. */
    private static String domain(String name) {
        return name.equals("ai.onnx") ? "" : name;
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
                    // Paddle and others write -1 for what is free.
                    dimension.hasDimValue() && dimension.getDimValue() >= 0
                            ? new Dimension.Fixed(dimension.getDimValue())
                            : new Dimension.Free(dimension.getDimParam()));
        }
        return shape;
    }

    private Node node(NodeProto proto, FreshNames names) {
        TreeMap<String, Attribute> attributes = new TreeMap<>();
        proto.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute(attribute)));
        String name = proto.getName().isEmpty() ? proto.getOpType() : proto.getName();
        return new Node(
                names.allocate(name),
                domain(proto.getDomain()),
                proto.getOpType(),
                proto.getInputList(),
                proto.getOutputList(),
                attributes);
    }

    private Attribute attribute(AttributeProto proto) {
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

    private Tensor tensor(TensorProto proto) {
        String name = "tensor " + proto.getName();
        ElementType type = ElementType.fromCode(proto.getDataType());
        if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL || proto.getExternalDataCount() > 0) {
            long bytes = Tensor.bytes(type, proto.getDimsList());
            return new Tensor(type, proto.getDimsList(), external.read(name, bytes, entries(proto)));
        }
        byte[] data = proto.hasRawData() ? proto.getRawData().toByteArray() : TypedFields.bytes(proto, type);
        return new Tensor(type, proto.getDimsList(), data);
    }

    private static Map<String, String> entries(TensorProto proto) {
        Map<String, String> entries = new LinkedHashMap<>();
        proto.getExternalDataList().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        return entries;
    }

    private static void require(boolean condition, String found) {
        if (!condition) {
            throw new IllegalArgumentException(found);
        }
    }
}
