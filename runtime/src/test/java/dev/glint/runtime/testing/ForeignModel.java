package dev.glint.runtime.testing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.DecodeRule;
import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.contract.PreprocessContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The {@link TinyModel} as another toolchain might have written it: with another layout, order of channels and element type, and
 * with a softmax of its own. It says the same of the same picture.
 */
public record ForeignModel(Layout layout, ColorSpace colors, ElementType type, OutputKind output) {

    /** Writes it with its contract. */
    public Path write(Path file) throws IOException {
        return Files.write(file, model().build().toByteArray());
    }

    /** The model with its contract, for a test that needs another one. */
    public ModelProto.Builder model() {
        ModelProto.Builder model = TinyModel.model();
        model.getMetadataPropsBuilder(0).setValue(contract().toJson());
        GraphProto.Builder graph = model.getGraphBuilder();
        if (layout == Layout.NHWC) {
            before(
                    graph,
                    node("Transpose")
                            .addAttribute(attribute("perm")
                                    .setType(AttributeProto.AttributeType.INTS)
                                    .addAllInts(List.of(0L, 3L, 1L, 2L))));
        }
        if (type == ElementType.UINT8) {
            graph.addInitializer(TensorProto.newBuilder()
                    .setName("scale")
                    .setDataType(TensorProto.DataType.FLOAT.getNumber())
                    .addFloatData(1 / 255f));
            before(graph, node("Mul").addInput("scale"));
            before(
                    graph,
                    node("Cast")
                            .addAttribute(attribute("to")
                                    .setType(AttributeProto.AttributeType.INT)
                                    .setI(TensorProto.DataType.FLOAT.getNumber())));
        }
        setInput(graph);
        if (output == OutputKind.PROBABILITIES) {
            graph.addNode(NodeProto.newBuilder()
                    .setOpType("Softmax")
                    .addInput("logits")
                    .addOutput("probabilities"));
            graph.getOutputBuilder(0).setName("probabilities");
        }
        return model;
    }

    private PreprocessContract contract() {
        PreprocessContract tiny = TinyModel.contract();
        List<String> labels = tiny.labels();
        return new PreprocessContract(
                DecodeRule.SCALED,
                colors,
                tiny.alpha(),
                tiny.orientation(),
                tiny.sixteenBit(),
                tiny.steps(),
                type == ElementType.UINT8 ? 1 : tiny.scale(),
                Collections.nCopies(3, 0.0),
                Collections.nCopies(3, 1.0),
                layout,
                type,
                TinyModel.SIZE,
                TinyModel.SIZE,
                "input",
                colors == ColorSpace.BGR ? List.of(labels.get(2), labels.get(1), labels.get(0)) : labels,
                output);
    }

    /** Puts a node between the input and whatever takes it now. */
    private static void before(GraphProto.Builder graph, NodeProto.Builder node) {
        String value = node.getOpType().toLowerCase(Locale.ROOT);
        graph.getNodeBuilder(0).setInput(0, value);
        List<String> others = List.copyOf(node.getInputList());
        node.clearInput().addInput("input").addAllInput(others).addOutput(value);
        graph.addNode(0, node);
    }

    private static NodeProto.Builder node(String operator) {
        return NodeProto.newBuilder().setOpType(operator);
    }

    private static AttributeProto.Builder attribute(String name) {
        return AttributeProto.newBuilder().setName(name);
    }

    private void setInput(GraphProto.Builder graph) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"));
        for (int size : contract().shape()) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
        }
        TensorProto.DataType element =
                type == ElementType.UINT8 ? TensorProto.DataType.UINT8 : TensorProto.DataType.FLOAT;
        graph.setInput(
                0,
                ValueInfoProto.newBuilder()
                        .setName("input")
                        .setType(TypeProto.newBuilder()
                                .setTensorType(TypeProto.Tensor.newBuilder()
                                        .setElemType(element.getNumber())
                                        .setShape(shape))));
    }
}
