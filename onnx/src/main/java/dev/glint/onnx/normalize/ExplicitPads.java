package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.Size;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code auto_pad} becomes the pads that it stands for: with SAME the output has {@code ceil(input / stride)} pixels, and the odd one
 * goes behind (UPPER) or before (LOWER).
 */
final class ExplicitPads implements RewriteRule {

    @Override
    public String name() {
        return "explicit-pads";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Conv", "MaxPool", "AveragePool", "LpPool");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        String mode = node.text("auto_pad", "");
        if (mode.isEmpty()) {
            return;
        }
        Node explicit = node.withoutAttributes("auto_pad");
        if (mode.equals("VALID")) {
            edit.replace(node, explicit.withoutAttributes("pads"));
        } else if (mode.equals("NOTSET")) {
            edit.replace(node, explicit);
        } else {
            Optional<List<Size>> input = edit.shapes().shape(node.input(0));
            Optional<List<Long>> window = window(node, edit);
            if (input.isPresent() && window.isPresent()) {
                List<Long> pads = pads(node, input.get(), window.get(), mode.equals("SAME_LOWER"));
                edit.replace(node, explicit.withAttribute("pads", Attribute.integers(pads)));
            }
        }
    }

    private static Optional<List<Long>> window(Node node, GraphEdit edit) {
        Optional<List<Long>> stated = node.integers("kernel_shape");
        return stated.isPresent() || !node.isOperator("Conv")
                ? stated
                : edit.before()
                        .constant(node.input(1))
                        .map(weight -> weight.shape().subList(2, weight.shape().size()));
    }

    private static List<Long> pads(Node node, List<Size> input, List<Long> window, boolean lower) {
        int axes = window.size();
        List<Long> strides = node.integers("strides").orElse(Collections.nCopies(axes, 1L));
        List<Long> dilations = node.integers("dilations").orElse(Collections.nCopies(axes, 1L));
        Long[] pads = new Long[2 * axes];
        for (int i = 0; i < axes; i++) {
            long size = input.get(2 + i).factor();
            long outputs = (size + strides.get(i) - 1) / strides.get(i);
            long reach = (outputs - 1) * strides.get(i) + (window.get(i) - 1) * dilations.get(i) + 1;
            long total = Math.max(0, reach - size);
            long before = lower ? total - total / 2 : total / 2;
            pads[i] = before;
            pads[axes + i] = total - before;
        }
        return List.of(pads);
    }
}
