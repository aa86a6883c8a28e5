package dev.glint.runtime.onnx;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A node, and what is known of what it takes. */
final class NodeInputs {
    /** More constants say no shape of anything. */
    private static final int MOST = 64;

    private final OnnxNode node;
    private final NodeShapes known;

    NodeInputs(OnnxNode node, NodeShapes known) {
        this.node = node;
        this.known = known;
    }

    String operator() {
        return node.operator();
    }

    int count() {
        return node.inputs().size();
    }

    /** The sizes of an input, not to be changed, if they are known. */
    long @Nullable [] shape(int input) {
        return input < count() ? known.shape(node.inputs().get(input)) : null;
    }

    /** An input of a few integers, if the file holds them. */
    long @Nullable [] integers(int input) {
        Initializer constant = constant(input);
        if (constant == null || constant.kind() != ElementKind.INT64 && constant.kind() != ElementKind.INT32) {
            return null;
        }
        long[] values = new long[(int) constant.elements()];
        constant.copyIntegers(values);
        return values;
    }

    /** An input of a few numbers, if the file holds them. */
    double @Nullable [] numbers(int input) {
        Initializer constant = constant(input);
        if (constant != null && constant.kind() == ElementKind.DOUBLE) {
            double[] values = new double[(int) constant.elements()];
            constant.copyDoubles(values);
            return values;
        }
        if (constant == null || constant.kind() != ElementKind.FLOAT) {
            long[] integers = integers(input);
            return integers == null
                    ? null
                    : Arrays.stream(integers).asDoubleStream().toArray();
        }
        float[] values = new float[(int) constant.elements()];
        constant.copyFloats(values);
        return widened(values);
    }

    private @Nullable Initializer constant(int input) {
        Initializer constant = input < count() ? known.constant(node.inputs().get(input)) : null;
        return constant == null || constant.elements() > MOST ? null : constant;
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /** An attribute of integers, if it is there. */
    long @Nullable [] wholes(String name) {
        return attribute(name) instanceof OnnxAttribute.Wholes found
                ? found.values().clone()
                : null;
    }

    /** An attribute of numbers, if it is there. */
    double @Nullable [] reals(String name) {
        return attribute(name) instanceof OnnxAttribute.Reals found ? widened(found.values()) : null;
    }

    /** An attribute of one integer, or what it is where it is left out. */
    long whole(String name, long usual) {
        return attribute(name) instanceof OnnxAttribute.Whole found ? found.value() : usual;
    }

    /** An attribute of text, empty where it is left out. */
    String text(String name) {
        return attribute(name) instanceof OnnxAttribute.Text found ? found.value() : "";
    }

    /** An attribute that counts the dimensions of a value, from its end if it is negative; -1 if there is none such. */
    int axis(String name, int rank, long usual) {
        long axis = whole(name, usual);
        axis += axis < 0 ? rank : 0;
        return axis < 0 || axis >= rank ? -1 : (int) axis;
    }

    private @Nullable OnnxAttribute attribute(String name) {
        for (OnnxAttribute attribute : node.attributes()) {
            if (attribute.name().equals(name)) {
                return attribute;
            }
        }
        return null;
    }
}
