package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sum of any number of operands as Add of two each, from the first to the last. */
final class PairwiseSum implements RewriteRule {

    @Override
    public String name() {
        return "pairwise-sum";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Sum");
    }

    @Override
    public void rewrite(Node sum, GraphEdit edit) {
        int count = sum.inputs().size();
        if (count == 1) {
            edit.replace(sum, new Node(sum.name(), "Identity", sum.inputs(), sum.outputs(), Map.of()));
            return;
        }
        List<Node> nodes = new ArrayList<>();
        String soFar = sum.input(0);
        for (int i = 1; i < count; i++) {
            boolean last = i == count - 1;
            String value = last ? sum.output() : edit.freshName(sum.name() + ".sum");
            String name = last ? sum.name() : value;
            nodes.add(new Node(name, "Add", List.of(soFar, sum.input(i)), List.of(value), Map.of()));
            soFar = value;
        }
        edit.replace(sum, nodes.toArray(Node[]::new));
    }
}
