package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An average in ceil mode that counts its padding does not count since operator set 19 what its last window reaches behind that;
 * before, it did. So padding becomes a step of its own, and what is behind it padding that is not counted.
 */
final class CeilOfCounted implements RewriteRule {
    private static final int LEADING = 2;

    @Override
    public String name() {
        return "ceil-of-counted";
    }

    @Override
    public Set<String> operators() {
        return Set.of("AveragePool");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        String autoPad = node.text("auto_pad", "NOTSET");
        if (node.integer("ceil_mode", 0) == 0
                || node.integer("count_include_pad", 0) == 0
                || autoPad.startsWith("SAME")) {
            return;
        }
        List<Size> input = shape(node.input(0), edit);
        List<Size> output = shape(node.output(), edit);
        List<Long> kernel = node.integers("kernel_shape").orElseThrow();
        int axes = input.size() - LEADING;
        List<Long> none = Collections.nCopies(2 * axes, 0L);
        List<Long> pads = autoPad.equals("VALID") ? none : node.integers("pads").orElse(none);
        List<Long> strides = node.integers("strides").orElse(Collections.nCopies(axes, 1L));
        List<Long> behind = new ArrayList<>(none);
        for (int i = 0; i < axes; i++) {
            long padded = input.get(LEADING + i).factor() + pads.get(i) + pads.get(axes + i);
            long reach = (output.get(LEADING + i).factor() - 1) * strides.get(i) + kernel.get(i);
            behind.set(axes + i, Math.max(0, reach - padded));
        }
        if (behind.equals(none)) {
            return;
        }
        Node uncounted = node.withoutAttributes("ceil_mode", "count_include_pad", "auto_pad")
                .withAttribute("pads", Attribute.integers(behind));
        if (pads.equals(none)) {
            edit.replace(node, uncounted);
        } else {
            String all = edit.addConstant(node.name() + ".pads", forAllAxes(pads));
            String padded = edit.freshName(node.name() + ".padded");
            Node pad = new Node(padded, "Pad", List.of(node.input(0), all), List.of(padded), Map.of());
            edit.replace(node, pad, uncounted.withInput(0, padded));
        }
    }

    private static List<Size> shape(String value, GraphEdit edit) {
        return edit.shapes()
                .shape(value)
                .orElseThrow(() -> new IllegalArgumentException("ceil_mode over counted padding of unknown size"));
    }

    private static Tensor forAllAxes(List<Long> pads) {
        int axes = pads.size() / 2;
        long[] all = new long[2 * (LEADING + axes)];
        for (int i = 0; i < axes; i++) {
            all[LEADING + i] = pads.get(i);
            all[2 * LEADING + axes + i] = pads.get(axes + i);
        }
        return Tensor.longs(all);
    }
}
