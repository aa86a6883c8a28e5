package dev.glint.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.FreshNames;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The graph that grows while a block runs: nodes in the order in which they were asked for, constants as needed. */
final class Recorder {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> initializers = new LinkedHashMap<>();
    private final Map<Tensor, String> shared = new HashMap<>();
    private final FreshNames nodeNames = new FreshNames();
    private final FreshNames valueNames = new FreshNames();
    private final Map<String, Tensor> weights;
    private @Nullable String lastParameter;

    /**
     * A recorder of nothing yet.
     *
     * @param taken names that only the caller gives to values: of the input, the output and the parameters
     * @param weights the parameters that were read so far, which this recorder adds to; one for all traces of a block, so
     *     that each parameter is copied once
     */
    Recorder(Collection<String> taken, Map<String, Tensor> weights) {
        valueNames.reserve(taken);
        this.weights = weights;
    }

    List<Node> nodes() {
        return nodes;
    }

    Map<String, Tensor> initializers() {
        return initializers;
    }

    /** Notes which parameter the block asked for, as the best description of where it is. */
    void visit(String parameter) {
        lastParameter = parameter;
    }

    /** Where the block is: behind the parameter that it asked for last. */
    String place() {
        return lastParameter == null ? "before the first parameter" : "after parameter " + lastParameter;
    }

    /** Adds a node named after its operator. */
    List<String> emit(String op, List<String> inputs, int outputs, Map<String, Attribute> attributes) {
        return emit(nodeName(op.toLowerCase(Locale.ROOT)), op, inputs, outputs, attributes);
    }

    /** Adds a node; returns the names of its outputs. */
    List<String> emit(String name, String op, List<String> inputs, int outputs, Map<String, Attribute> attributes) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            values.add(valueName(outputs == 1 ? name + "_output" : name + "_output_" + i));
        }
        nodes.add(new Node(name, op, inputs, values, attributes));
        return values;
    }

    /** Gives a value the name that it leaves the graph with; the passes remove the step. */
    void output(String value, String name) {
        nodes.add(new Node(nodeName(name), "Identity", List.of(value), List.of(name), Map.of()));
    }

    /** A name that no node has: the base itself, or with a number behind it. */
    String nodeName(String base) {
        return nodeNames.allocate(base);
    }

    /** A name that no value has: the base itself, or with a number behind it. */
    String valueName(String base) {
        return valueNames.allocate(base);
    }

    /** The value of an array, which becomes an initializer if it is a constant. */
    String value(RecordedArray array) {
        String value = array.value();
        if (value != null) {
            return value;
        }
        String parameter = array.parameter();
        if (parameter != null) {
            initializers.computeIfAbsent(parameter, name -> weights.computeIfAbsent(name, key -> tensor(array.real())));
            return parameter;
        }
        return constant(tensor(array.real()));
    }

    /** The name of a constant; equal constants share one. */
    String constant(Tensor tensor) {
        return shared.computeIfAbsent(tensor, key -> {
            String name = valueName("constant");
            initializers.put(name, key);
            return name;
        });
    }

    /** A constant that no other node shares. */
    String ownConstant(String base, Tensor tensor) {
        String name = valueName(base);
        initializers.put(name, tensor);
        return name;
    }

    /** A number as a scalar of the given type. */
    static NDArray scalar(NDArray like, Number number, DataType type) {
        return like.getManager().create(number.doubleValue()).toType(type, false);
    }

    static Tensor tensor(NDArray array) {
        // Where it can be, this is the engine's own memory: large weights are copied once.
        ByteBuffer buffer = array.toByteBuffer(true);
        byte[] data = new byte[buffer.remaining()];
        buffer.get(data);
        return new Tensor(elementType(array.getDataType()), dimensions(array.getShape()), data);
    }

    static ElementType elementType(DataType type) {
        return switch (type) {
            case FLOAT32 -> ElementType.FLOAT;
            case FLOAT64 -> ElementType.DOUBLE;
            case FLOAT16 -> ElementType.FLOAT16;
            case INT8 -> ElementType.INT8;
            case UINT8 -> ElementType.UINT8;
            case INT32 -> ElementType.INT32;
            case INT64 -> ElementType.INT64;
            case BOOLEAN -> ElementType.BOOL;
            default ->
                throw GlintException.failure(
                        Reason.MODEL, "an array of " + type, "float32", "compute in float32 in the block");
        };
    }

    static List<Long> dimensions(Shape shape) {
        return Arrays.stream(shape.getShape()).boxed().toList();
    }
}
