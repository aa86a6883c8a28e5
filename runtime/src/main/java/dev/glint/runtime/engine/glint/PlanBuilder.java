package dev.glint.runtime.engine.glint;

import dev.glint.runtime.onnx.ElementKind;
import dev.glint.runtime.onnx.Initializer;
import dev.glint.runtime.onnx.OnnxGraph;
import dev.glint.runtime.onnx.OnnxNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A plan in the making: what each name stands for, and the steps so far. */
final class PlanBuilder {
    /** More products than any classifier needs for a picture: 300 times those of ResNet-18. */
    private static final long MAX_WORK = 1L << 39;

    private static final long MAX_WEIGHTS = 1L << 28;
    private static final int MAX_FUNCTIONS = 32;

    private final GraphView graph;
    private final long operatorSet;
    private final Map<String, Value> values = new HashMap<>();
    private final List<Operation> operations = new ArrayList<>();
    private final List<Storage> storages = new ArrayList<>();
    private long multiplyAdds;
    private long byteMultiplyAdds;
    private long weights;
    private int mostByteWeights;
    private int mostFloatWeights;
    private long work;

    PlanBuilder(OnnxGraph graph, String output, long operatorSet) {
        this.graph = new GraphView(graph, output);
        this.operatorSet = operatorSet;
        for (Initializer initializer : graph.initializers()) {
            values.put(initializer.name(), new Constant(initializer));
        }
    }

    GraphView graph() {
        return graph;
    }

    /** The version of ONNX's own operators. */
    long operatorSet() {
        return operatorSet;
    }

    List<Operation> operations() {
        return operations;
    }

    List<Storage> storages() {
        return storages;
    }

    long floatMultiplyAdds() {
        return multiplyAdds - byteMultiplyAdds;
    }

    long byteMultiplyAdds() {
        return byteMultiplyAdds;
    }

    int mostByteWeights() {
        return mostByteWeights;
    }

    int mostFloatWeights() {
        return mostFloatWeights;
    }

    /** Values that were looked at by steps without weights. */
    long otherWork() {
        return work - multiplyAdds;
    }

    /** Says what a name stands for. */
    void define(String name, Value value) {
        if (values.put(name, value) != null) {
            throw new UnsupportedGraph("two values named " + name);
        }
    }

    private Value value(String name) {
        Value value = values.get(name);
        if (value == null) {
            throw new UnsupportedGraph("the value " + name + ", which nothing before makes");
        }
        return value;
    }

    Activation activation(String name) {
        if (value(name) instanceof Activation activation) {
            return activation;
        }
        throw new UnsupportedGraph("the value " + name + " where an activation is needed");
    }

    Constant constant(String name) {
        if (value(name) instanceof Constant constant) {
            return constant;
        }
        throw new UnsupportedGraph("the value " + name + " where a constant is needed");
    }

    boolean isConstant(String name) {
        return value(name) instanceof Constant;
    }

    Value.Encoded encoded(String name) {
        if (value(name) instanceof Value.Encoded encoded) {
            return encoded;
        }
        throw new UnsupportedGraph("the value " + name + " where one of QuantizeLinear is needed");
    }

    /** Room for floats. */
    Storage floats(FeatureMap map) {
        return new Storage(map, null);
    }

    /** Adds a step that fills one array and reads others. */
    void emit(Operation operation, Storage output, Storage... inputs) {
        int index = operations.size();
        operations.add(operation);
        output.filledAt(index);
        storages.add(output);
        for (Storage input : inputs) {
            input.readAt(index);
        }
        addWork(output.size());
    }

    /** Adds a step that has no weights. */
    void emit(Step step, Storage output, Storage... inputs) {
        emit(Operation.ready(step), output, inputs);
    }

    /** Adds the last step, which fills no array. */
    void emitLast(Step step, Storage input) {
        input.readAt(operations.size());
        operations.add(Operation.ready(step));
    }

    /** Counts the work of a convolution. */
    void count(ConvolutionShape shape, boolean bytes) {
        multiplyAdds += shape.multiplyAdds();
        byteMultiplyAdds += bytes ? shape.multiplyAdds() : 0;
        addWork(shape.multiplyAdds());
        weights += shape.weights();
        if (weights > MAX_WEIGHTS) {
            throw new UnsupportedGraph("more than " + MAX_WEIGHTS + " weights");
        }
        if (bytes) {
            mostByteWeights = Math.max(mostByteWeights, shape.weights());
        } else {
            mostFloatWeights = Math.max(mostFloatWeights, shape.weights());
        }
    }

    void addWork(long amount) {
        work += amount;
        if (work > MAX_WORK) {
            throw new UnsupportedGraph("more than " + MAX_WORK + " multiply-adds for a picture");
        }
    }

    /** The array of an activation's numbers, computed if they are not yet. */
    Storage numbers(Activation activation) {
        Storage known = activation.computed();
        if (known != null) {
            return known;
        }
        Storage from = activation.storage();
        if (!from.isBytes() && activation.isPlain()) {
            return from;
        }
        Storage to = floats(from.map());
        if (activation.isPlain()) {
            emit(new ConversionSteps.Decode(from, to), to, from);
        } else if (from.isBytes()) {
            float[] table = from.encoding().table(activation.function());
            emit(new ConversionSteps.LookUpFloats(table, from, to), to, from);
        } else {
            emit(new ConversionSteps.Apply(activation.function(), from, to), to, from);
        }
        activation.setComputed(to);
        return to;
    }

    /** The same with one more function, which waits until a step needs it. */
    Activation then(Activation activation, FloatFunction next) {
        boolean fits = fit(activation.function(), next);
        return (fits ? activation : computed(activation)).then(next);
    }

    /** Whether two functions may become one. */
    static boolean fit(FloatFunction one, FloatFunction other) {
        return one.size() + other.size() <= MAX_FUNCTIONS;
    }

    /** The same as an array of its own, of numbers. */
    Activation computed(Activation activation) {
        return new Activation(numbers(activation), activation.isFlat());
    }

    /** The bytes of an activation in an encoding; those that a table makes of others wait until a step needs them. */
    Activation encode(Activation activation, Encoding encoding) {
        Storage from = activation.storage();
        if (activation.isPlainBytes() && from.encoding().equals(encoding)) {
            return activation;
        }
        if (from.isBytes()) {
            Recoding recoding = new Recoding(from.encoding(), table(activation, encoding), encoding);
            return new Activation(from, recoding, activation.isFlat());
        }
        Storage to = new Storage(from.map(), encoding);
        Storage numbers = numbers(activation);
        emit(new ConversionSteps.Encode(numbers, to), to, numbers);
        return new Activation(to, activation.isFlat());
    }

    /** The same as an array of its own, if it is what a table makes of another array's bytes. */
    Activation recoded(Activation activation) {
        if (!(activation.function() instanceof Recoding recoding)) {
            return activation;
        }
        Storage from = activation.storage();
        Storage to = new Storage(from.map(), recoding.to());
        emit(new ConversionSteps.LookUp(recoding.table(), from, to), to, from);
        return new Activation(to, activation.isFlat());
    }

    /** What becomes of each byte of an activation in another encoding. */
    static byte[] table(Activation activation, Encoding encoding) {
        float[] numbers = activation.storage().encoding().table(activation.function());
        byte[] table = new byte[numbers.length];
        for (int i = 0; i < table.length; i++) {
            table[i] = encoding.encode(numbers[i]);
        }
        return table;
    }

    /**
     * The encoding that QuantizeLinear and DequantizeLinear name with their second and third inputs.
     *
     * @param signed whether the bytes are signed ones where no zero point says so
     */
    Encoding encoding(NodeReader node, boolean signed) {
        float scale = constant(node.input(1)).scalar();
        if (!node.hasInput(2)) {
            node.requireWhole("output_dtype", 0, 0);
            return new Encoding(scale, signed ? 128 : 0);
        }
        Initializer zero = constant(node.input(2)).tensor();
        if (zero.elements() != 1) {
            throw new UnsupportedGraph("several zero points for an activation");
        }
        byte[] value = new byte[1];
        switch (zero.kind()) {
            case UINT8 -> {
                zero.copyBytes(value);
                return new Encoding(scale, value[0] & 0xff);
            }
            case INT8 -> {
                zero.copyBytes(value);
                return new Encoding(scale, value[0] + 128);
            }
            default ->
                throw new UnsupportedGraph("activations of type " + zero.kind().label());
        }
    }

    /** Says what a QuantizeLinear gives. */
    void defineEncoded(NodeReader node, Activation bytes) {
        boolean signed = node.hasInput(2) && constant(node.input(2)).tensor().kind() == ElementKind.INT8;
        define(node.output(), new Value.Encoded(bytes, signed));
    }

    /** What stands behind a value. */
    Ending ending(String value) {
        FloatFunction.Clamp clamp = Ending.UNCLAMPED;
        int[] nodes = new int[0];
        String last = value;
        int next = graph.onlyConsumer(last);
        while (next >= 0 && !graph.isDone(next)) {
            NodeReader node = new NodeReader(graph.node(next));
            FloatFunction.Clamp more = clamp(node, last);
            if (more == null) {
                break;
            }
            clamp = new FloatFunction.Clamp(more.apply(clamp.min()), more.apply(clamp.max()));
            nodes = Arrays.copyOf(nodes, nodes.length + 1);
            nodes[nodes.length - 1] = next;
            last = node.output();
            next = graph.onlyConsumer(last);
        }
        if (next >= 0 && !graph.isDone(next)) {
            OnnxNode node = graph.node(next);
            if (node.operator().equals("QuantizeLinear") && node.inputs().get(0).equals(last)) {
                NodeReader reader = new NodeReader(node);
                return new Ending(last, clamp, nodes, encoding(reader, false), next);
            }
        }
        return new Ending(last, clamp, nodes, null, -1);
    }

    private FloatFunction.@Nullable Clamp clamp(NodeReader node, String input) {
        if (node.inputs().isEmpty() || !node.inputs().get(0).equals(input)) {
            return null;
        }
        return switch (node.operator()) {
            case "Relu" -> new FloatFunction.Clamp(0, Float.POSITIVE_INFINITY);
            case "Clip" -> ArithmeticLowering.clip(this, node);
            default -> null;
        };
    }

    /** What a step gives that did the work of an ending, but for its QuantizeLinear. */
    void endWithFloats(Ending ending, Storage floats, boolean flat) {
        for (int node : ending.nodes()) {
            graph.setDone(node);
        }
        define(ending.value(), new Activation(floats, flat));
    }

    /** What a step gives that did all the work of an ending. */
    void endWithBytes(Ending ending, Storage bytes, boolean flat) {
        endWithBytes(ending, new Activation(bytes, flat));
    }

    /** What a step would give that does all the work of an ending: bytes, or a table of some. */
    void endWithBytes(Ending ending, Activation bytes) {
        for (int node : ending.nodes()) {
            graph.setDone(node);
        }
        graph.setDone(ending.encodingNode());
        defineEncoded(new NodeReader(graph.node(ending.encodingNode())), bytes);
    }
}
