package dev.glint.runtime.engine.glint;

import dev.glint.runtime.onnx.OnnxAttribute;
import dev.glint.runtime.onnx.OnnxNode;
import java.util.List;

/** A node with its attributes as an operator wants them. */
record NodeReader(OnnxNode node) {

    String operator() {
        return node.operator();
    }

    String output() {
        if (node.outputs().isEmpty()) {
            throw new UnsupportedGraph(operator() + " without an output");
        }
        return node.outputs().get(0);
    }

    boolean hasInput(int index) {
        return index < node.inputs().size() && !node.inputs().get(index).isEmpty();
    }

    String input(int index) {
        if (!hasInput(index)) {
            throw new UnsupportedGraph(operator() + " without its input " + index);
        }
        return node.inputs().get(index);
    }

    List<String> inputs() {
        return node.inputs();
    }

    private OnnxAttribute find(String name) {
        for (OnnxAttribute attribute : node.attributes()) {
            if (attribute.name().equals(name)) {
                return attribute;
            }
        }
        return NONE;
    }

    private static final OnnxAttribute NONE = new OnnxAttribute.Other("");

    private UnsupportedGraph misfit(String name) {
        return new UnsupportedGraph("the attribute " + name + " of " + operator());
    }

    boolean has(String name) {
        return find(name) != NONE;
    }

    long whole(String name, long otherwise) {
        OnnxAttribute found = find(name);
        if (found == NONE) {
            return otherwise;
        }
        if (found instanceof OnnxAttribute.Whole whole) {
            return whole.value();
        }
        throw misfit(name);
    }

    float real(String name, float otherwise) {
        OnnxAttribute found = find(name);
        if (found == NONE) {
            return otherwise;
        }
        if (found instanceof OnnxAttribute.Real real) {
            return real.value();
        }
        throw misfit(name);
    }

    String text(String name, String otherwise) {
        OnnxAttribute found = find(name);
        if (found == NONE) {
            return otherwise;
        }
        if (found instanceof OnnxAttribute.Text text) {
            return text.value();
        }
        throw misfit(name);
    }

    /** Sizes, as many as are said. */
    int[] sizes(String name, int... otherwise) {
        OnnxAttribute found = find(name);
        if (found == NONE) {
            return otherwise;
        }
        if (!(found instanceof OnnxAttribute.Wholes wholes) || wholes.values().length != otherwise.length) {
            throw misfit(name);
        }
        int[] sizes = new int[otherwise.length];
        for (int i = 0; i < sizes.length; i++) {
            long size = wholes.values()[i];
            if (size < 0 || size > Window.MAX_EXTENT) {
                throw misfit(name);
            }
            sizes[i] = (int) size;
        }
        return sizes;
    }

    /** The tensor of a Constant. */
    Constant constant(String name) {
        if (find(name) instanceof OnnxAttribute.Constant constant) {
            return new Constant(constant.value());
        }
        throw misfit(name);
    }

    /** That nothing is asked which this engine would pass over. */
    void requireWhole(String name, long expected, long otherwise) {
        if (whole(name, otherwise) != expected) {
            throw misfit(name);
        }
    }
}
