package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Settings that were attributes before an operator set and are inputs since, one behind the other after the first input.
 *
 * @param op the operator
 * @param since the operator set that changed it
 * @param settings the attributes in the order of the inputs
 */
record SettingsToInputs(String op, long since, List<String> settings) implements RewriteRule {
    SettingsToInputs(String op, long since, String... settings) {
        this(op, since, List.of(settings));
    }

    @Override
    public String name() {
        return "settings-to-inputs-" + op.toLowerCase(Locale.ROOT);
    }

    @Override
    public Set<String> operators() {
        return Set.of(op);
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        List<String> inputs = new ArrayList<>(List.of(node.input(0)));
        int used = 1;
        for (String setting : settings) {
            Attribute attribute = node.attributes().get(setting);
            inputs.add(attribute == null ? "" : edit.addConstant(node.name() + "." + setting, tensor(attribute)));
            used = attribute == null ? used : inputs.size();
        }
        if (used > 1) {
            edit.replace(
                    node, node.withInputs(inputs.subList(0, used)).withoutAttributes(settings.toArray(String[]::new)));
        }
    }

    private static Tensor tensor(Attribute attribute) {
        if (attribute instanceof Attribute.Real real) {
            return Tensor.scalar(real.value());
        }
        if (attribute instanceof Attribute.Int integer) {
            return Tensor.longs(integer.value());
        }
        if (attribute instanceof Attribute.Ints list) {
            return Tensor.longs(
                    list.values().stream().mapToLong(Long::longValue).toArray());
        }
        throw new IllegalArgumentException("a setting of another type");
    }
}
