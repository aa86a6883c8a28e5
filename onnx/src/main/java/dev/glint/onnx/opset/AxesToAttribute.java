package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.Conversion;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The axes of reductions are an attribute up to operator set 17, and an input since 18 (ReduceSum has it since 13). */
final class AxesToAttribute implements RewriteRule {

    /** What leaves an element alone as it is. */
    private static final Set<String> SELECTING = Set.of("ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd");

    @Override
    public String name() {
        return "axes-to-attribute";
    }

    @Override
    public Set<String> operators() {
        return Set.of(
                "ReduceL1",
                "ReduceL2",
                "ReduceLogSum",
                "ReduceLogSumExp",
                "ReduceMax",
                "ReduceMean",
                "ReduceMin",
                "ReduceProd",
                "ReduceSumSquare");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        List<Long> axes = List.of();
        if (!node.input(1).isEmpty()) {
            Optional<Tensor> input = edit.constant(node.input(1));
            long[] values = Conversion.convert(
                            input.orElseThrow(() -> new IllegalArgumentException("axes that are not constant")),
                            ElementType.INT64)
                    .toLongs();
            axes = Arrays.stream(values).boxed().toList();
        }
        boolean nothing = axes.isEmpty() && node.integer("noop_with_empty_axes", 0) != 0;
        Node reduced = node.withInputs(List.of(node.input(0))).withoutAttributes("noop_with_empty_axes");
        if (nothing && !SELECTING.contains(node.op())) {
            throw new IllegalArgumentException("a " + node.op() + " of no axes, which runtimes understand in two ways");
        }
        if (nothing) {
            reduced = new Node(node.name(), "Identity", List.of(node.input(0)), node.outputs(), Map.of());
        } else if (!axes.isEmpty()) {
            reduced = reduced.withAttribute("axes", Attribute.integers(axes));
        }
        if (!reduced.equals(node)) {
            edit.replace(node, reduced);
        }
    }
}
