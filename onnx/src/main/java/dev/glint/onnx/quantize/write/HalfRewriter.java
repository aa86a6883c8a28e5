package dev.glint.onnx.quantize.write;

import ai.onnxruntime.platform.Fp16Conversions;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes halves: constants and activations of the planned nodes, with a {@code Cast} wherever floats and halves meet. */
final class HalfRewriter {
    private final GraphIndex index;
    private final QuantizationPlan plan;
    private final GraphDraft draft;
    /** The names of values in halves, by their own names. */
    private final Map<String, String> halves = new HashMap<>();

    HalfRewriter(GraphIndex index, QuantizationPlan plan) {
        this.index = index;
        this.plan = plan;
        this.draft = new GraphDraft(index);
    }

    Graph rewrite() {
        for (Node node : index.graph().nodes()) {
            if (!plan.integerNodes().contains(node.name())) {
                draft.add(node);
                continue;
            }
            List<String> inputs = node.inputs().stream().map(this::half).toList();
            List<String> outputs = new ArrayList<>();
            for (String output : node.outputs()) {
                outputs.add(output.isEmpty() ? "" : draft.fresh(output + "_half"));
            }
            draft.add(node.withInputs(inputs).withOutputs(outputs));
            for (int i = 0; i < outputs.size(); i++) {
                if (!outputs.get(i).isEmpty()) {
                    made(node.outputs().get(i), outputs.get(i));
                }
            }
        }
        return draft.graph();
    }

    private void made(String value, String half) {
        halves.put(value, half);
        boolean wanted = index.isOutput(value)
                || index.consumers(value).stream()
                        .anyMatch(taker -> !plan.integerNodes().contains(taker.name()));
        if (wanted) {
            draft.add(new Node(
                    draft.fresh(value + "_cast"), "Cast", List.of(half), List.of(value), to(ElementType.FLOAT)));
        }
    }

    private String half(String value) {
        boolean constant = index.constant(value)
                .filter(tensor -> tensor.type() == ElementType.FLOAT)
                .isPresent();
        if (!constant && !plan.activations().containsKey(value)) {
            return value;
        }
        return halves.computeIfAbsent(
                value,
                key -> constant
                        ? draft.put(key + "_half", toHalves(index.constant(key).orElseThrow()))
                        : draft.add("Cast", key + "_half", List.of(key), to(ElementType.FLOAT16)));
    }

    private static Map<String, Attribute> to(ElementType type) {
        return Map.of("to", Attribute.integer(type.code()));
    }

    private static Tensor toHalves(Tensor floats) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * floats.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : floats.toFloats()) {
            bytes.putShort(Fp16Conversions.floatToFp16(value));
        }
        return new Tensor(ElementType.FLOAT16, floats.shape(), bytes.array());
    }
}
