package dev.glint.onnx.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One application of an operator.
 *
 * @param name unique in its graph
 * @param domain the operator set, empty for ONNX's own
 * @param op the operator, as {@code Conv}
 * @param inputs names of values; an optional input that is left out is an empty name
 * @param outputs names of the values it makes
 * @param attributes its settings, sorted by name
 */
public record Node(
        String name,
        String domain,
        String op,
        List<String> inputs,
        List<String> outputs,
        SortedMap<String, Attribute> attributes) {

    public Node {
        if (op.isEmpty() || outputs.isEmpty()) {
            throw new IllegalArgumentException("node " + name + " without operator or output");
        }
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    /** A node of ONNX's own operators. */
    public Node(String name, String op, List<String> inputs, List<String> outputs, Map<String, Attribute> attributes) {
        this(name, "", op, inputs, outputs, new TreeMap<>(attributes));
    }

    /** The only output. */
    public String output() {
        if (outputs.size() != 1) {
            throw new IllegalStateException("node " + name + " has " + outputs.size() + " outputs");
        }
        return outputs.get(0);
    }

    /** An input; empty if it is left out. */
    public String input(int index) {
        return index < inputs.size() ? inputs.get(index) : "";
    }

    /** Whether it is one of these operators of ONNX's own. */
    public boolean isOperator(String... ops) {
        return domain.isEmpty() && List.of(ops).contains(op);
    }

    /** An integer setting, or its default. */
    public long integer(String attribute, long otherwise) {
        return attributes.get(attribute) instanceof Attribute.Int value ? value.value() : otherwise;
    }

    /** A float setting, or its default. */
    public float real(String attribute, float otherwise) {
        return attributes.get(attribute) instanceof Attribute.Real value ? value.value() : otherwise;
    }

    /** A list of integers among the settings; empty if it is not set. */
    public Optional<List<Long>> integers(String attribute) {
        return attributes.get(attribute) instanceof Attribute.Ints list ? Optional.of(list.values()) : Optional.empty();
    }

    /** A text among the settings, or its default. */
    public String text(String attribute, String otherwise) {
        return attributes.get(attribute) instanceof Attribute.Text text ? text.value() : otherwise;
    }

    /** The same node with other inputs. */
    public Node withInputs(List<String> newInputs) {
        return new Node(name, domain, op, newInputs, outputs, attributes);
    }

    /** The same node with one input replaced, or added behind the last. */
    public Node withInput(int index, String value) {
        List<String> changed = new ArrayList<>(inputs);
        while (changed.size() <= index) {
            changed.add("");
        }
        changed.set(index, value);
        return withInputs(changed);
    }

    /** The same node with other outputs. */
    public Node withOutputs(List<String> newOutputs) {
        return new Node(name, domain, op, inputs, newOutputs, attributes);
    }

    /** The same node with a setting changed or added. */
    public Node withAttribute(String attribute, Attribute value) {
        TreeMap<String, Attribute> changed = new TreeMap<>(attributes);
        changed.put(attribute, value);
        return new Node(name, domain, op, inputs, outputs, changed);
    }

    /** The same node without some settings. */
    public Node withoutAttributes(String... names) {
        TreeMap<String, Attribute> changed = new TreeMap<>(attributes);
        List.of(names).forEach(changed::remove);
        return new Node(name, domain, op, inputs, outputs, changed);
    }

    @Override
    public String toString() {
        return op + " " + name;
    }
}
