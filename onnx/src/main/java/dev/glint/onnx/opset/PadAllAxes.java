package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.Set;

/** Pad says since operator set 18 which axes its pads are for; before, they are for all. */
final class PadAllAxes implements RewriteRule {
    private static final int PADS = 1;
    private static final int VALUE = 2;
    private static final int AXES = 3;

    @Override
    public String name() {
        return "pad-all-axes";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Pad");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        if (node.text("mode", "constant").equals("wrap")) {
            throw new IllegalArgumentException("the mode wrap");
        }
        if (node.input(AXES).isEmpty()) {
            return;
        }
        long[] pads = constant(node.input(PADS), edit).toIntegers();
        long[] axes = constant(node.input(AXES), edit).toIntegers();
        int rank = edit.shapes()
                .rank(node.input(0))
                .orElseThrow(() -> new IllegalArgumentException("an input of unknown rank"));
        long[] all = new long[2 * rank];
        for (int i = 0; i < axes.length; i++) {
            int axis = (int) (axes[i] < 0 ? axes[i] + rank : axes[i]);
            all[axis] = pads[i];
            all[rank + axis] = pads[axes.length + i];
        }
        Node padded = node.withInput(PADS, edit.addConstant(node.name() + ".pads", Tensor.longs(all)));
        edit.replace(
                node,
                padded.withInputs(padded.inputs().subList(0, node.input(VALUE).isEmpty() ? VALUE : AXES)));
    }

    private static Tensor constant(String value, GraphEdit edit) {
        return edit.constant(value).orElseThrow(() -> new IllegalArgumentException(value + " is not constant"));
    }
}
