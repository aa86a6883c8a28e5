package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.Size;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Reshape gets a constant target, in which the batch is free: 0 (as the input has it) where it comes first in both, -1
 * elsewhere. One that gives a row for each picture becomes Flatten, and so do Squeeze, Unsqueeze and Transpose that do.
 */
final class ConstantReshape implements RewriteRule {

    @Override
    public String name() {
        return "constant-reshape";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Reshape", "Squeeze", "Unsqueeze", "Flatten", "Transpose");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<List<Size>> input = edit.shapes().shape(node.input(0));
        Optional<List<Size>> output = edit.shapes().shape(node.output());
        if (input.isEmpty()
                || output.isEmpty()
                || input.get().isEmpty()
                || edit.before().constant(node.input(0)).isPresent()) {
            return;
        }
        boolean moves = node.isOperator("Transpose") && movesElements(node, input.get());
        boolean rows = output.get().size() == 2
                && output.get().get(0).equals(input.get().get(0))
                && !moves;
        Node constant = rows
                ? flatten(node)
                : node.isOperator("Reshape") ? reshape(node, input.get(), output.get(), edit) : node;
        if (!constant.equals(node)) {
            edit.replace(node, constant);
        }
    }

    /** Whether dimensions change places of which more than one has more than one element. */
    static boolean movesElements(Node node, List<Size> shape) {
        List<Long> order = node.integers("perm").orElse(List.of());
        List<Long> larger = order.stream()
                .filter(axis -> !shape.get(axis.intValue()).equals(Size.ONE))
                .toList();
        return order.isEmpty() || !larger.equals(larger.stream().sorted().toList());
    }

    private static Node flatten(Node node) {
        Map<String, Attribute> axis = Map.of("axis", Attribute.integer(1));
        return new Node(node.name(), "Flatten", List.of(node.input(0)), node.outputs(), axis);
    }

    private static Node reshape(Node node, List<Size> input, List<Size> output, GraphEdit edit) {
        long[] target = new long[output.size()];
        int free = 0;
        for (int i = 0; i < target.length; i++) {
            Size size = output.get(i);
            boolean first = i == 0 && size.perPicture() && size.equals(input.get(0));
            target[i] = first ? 0 : size.perPicture() ? -1 : size.factor();
            free += target[i] < 0 ? 1 : 0;
            if (!first && target[i] == 0) {
                return node;
            }
        }
        Optional<Tensor> before = edit.before().constant(node.input(1));
        boolean known = before.isPresent() && Arrays.equals(before.get().toIntegers(), target);
        if (free > 1 || known && node.attributes().isEmpty()) {
            return node;
        }
        String constant = edit.addConstant(node.name() + ".shape", Tensor.longs(target));
        return new Node(node.name(), "Reshape", List.of(node.input(0), constant), node.outputs(), Map.of());
    }
}
