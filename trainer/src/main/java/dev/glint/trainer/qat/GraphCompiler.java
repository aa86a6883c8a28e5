package dev.glint.trainer.qat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.trainer.qat.GraphBlock.Step;
import dev.glint.trainer.weights.block.BlockWeights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes a block of a graph. The weights and biases of its layers become parameters; around what is quantised in it, they
 * and the activations go through {@link FakeQuantization}.
 */
final class GraphCompiler {
    private final GraphIndex index;
    private final Map<String, Layer> layers = new HashMap<>();
    private final ActivationScales scales;
    private final NDManager manager;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, NDArray> constants = new HashMap<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();

    private GraphCompiler(Graph graph, Graph floats, ActivationScales scales, NDManager manager) {
        this.index = new GraphIndex(graph);
        this.scales = scales;
        this.manager = manager;
        GraphIndex floatIndex = new GraphIndex(floats);
        for (Node node : floats.nodes()) {
            Layer.read(node, floatIndex::constant).ifPresent(layer -> layers.put(node.name(), layer));
        }
    }

    /**
     * A block that rounds as integers do where its graph says so.
     *
     * @param quantized with {@code QuantizeLinear} and {@code DequantizeLinear} pairs; may be the float graph itself
     * @param floats what was quantised: its layers have the names, the weights and the biases
     * @param scales of the activations in the quantised graph; become parameters too
     * @param manager owns all arrays
     */
    static GraphBlock compile(Graph quantized, Graph floats, ActivationScales scales, NDManager manager) {
        return new GraphCompiler(quantized, floats, scales, manager).block();
    }

    private GraphBlock block() {
        Graph graph = index.graph();
        scales.parameters().forEach(parameters::put);
        constants.putAll(scales.constants());
        graph.nodes().forEach(this::addParameters);
        graph.nodes().forEach(this::add);
        Dimension classes =
                Objects.requireNonNull(graph.outputs().get(0).shape()).get(1);
        return new GraphBlock(
                graph.inputs().get(0).name(),
                now(graph.outputs().get(0).name()),
                steps,
                constants,
                parameters,
                classes instanceof Dimension.Fixed fixed ? fixed.size() : -1);
    }

    private void addParameters(Node node) {
        Layer layer = layers.get(node.name());
        if (layer != null) {
            parameters.computeIfAbsent(
                    layer.node().input(Layer.WEIGHT), name -> parameter(name, Parameter.Type.WEIGHT, layer.weight()));
            layer.bias()
                    .ifPresent(bias -> parameters.computeIfAbsent(
                            layer.node().input(Layer.BIAS), name -> parameter(name, Parameter.Type.BIAS, bias)));
        }
    }

    private Parameter parameter(String name, Parameter.Type type, Tensor values) {
        Parameter parameter = Parameter.builder()
                .setName(name)
                .setType(type)
                .optShape(shape(values))
                .optInitializer(Initializer.ZEROS)
                .build();
        parameter.initialize(manager, DataType.FLOAT32);
        BlockWeights.set(parameter.getArray(), values.toFloats());
        return parameter;
    }

    private void add(Node node) {
        if (node.isOperator("QuantizeLinear")) {
            addQuantization(node);
        } else if (node.isOperator("DequantizeLinear")) {
            addDequantization(node);
        } else if (node.isOperator("Identity")) {
            aliases.put(node.output(), now(node.input(0)));
        } else {
            GraphOperators.Operation operation = GraphOperators.compile(node, index);
            List<String> operands =
                    GraphOperators.operands(node).stream().map(this::available).toList();
            steps.add(new Step((arrays, training) -> operation.apply(arrays), operands, node.output()));
        }
    }

    private String now(String value) {
        return aliases.getOrDefault(value, value);
    }

    /** The name of a value that is there when a step runs. */
    private String available(String value) {
        String name = now(value);
        index.constant(name)
                .filter(tensor -> !parameters.containsKey(name))
                .ifPresent(tensor -> constants.computeIfAbsent(name, key -> array(tensor.toFloats(), shape(tensor))));
        return name;
    }

    private void addQuantization(Node node) {
        ActivationScales.Encoded encoded = scales.of(node);
        List<String> operands = List.of(available(node.input(0)), encoded.logScale(), encoded.zeroPoint());
        steps.add(new Step(
                (x, training) -> FakeQuantization.activation(x.get(0), x.get(1), x.get(2), training),
                operands,
                node.output()));
    }

    /** Behind a quantisation nothing is left to do; before a layer, its weights stand where the integers stood. */
    private void addDequantization(Node node) {
        Optional<Tensor> integers = index.constant(node.input(0));
        if (integers.isEmpty()) {
            addDecoding(node);
            return;
        }
        Optional<Node> taker =
                index.soleConsumer(node.output()).filter(consumer -> layers.containsKey(consumer.name()));
        if (taker.isEmpty()) {
            constants.put(node.output(), dequantized(node, integers.get()));
        } else {
            boolean weight = taker.get().input(Layer.WEIGHT).equals(node.output());
            steps.add(new Step(
                    weight ? FakeQuantization::weight : FakeQuantization::bias,
                    quantizedLayer(taker.get()),
                    node.output()));
        }
    }

    /** Bytes may be read with another scale than they were written with, which multiplies what they stand for. */
    private void addDecoding(Node node) {
        float factor = scale(node) / scale(index.producer(node.input(0)).orElseThrow());
        if (factor == 1) {
            aliases.put(node.output(), now(node.input(0)));
            return;
        }
        String multiplier = node.name() + "_factor";
        constants.put(multiplier, array(new float[] {factor}, new Shape(1)));
        steps.add(new Step(
                (x, training) -> x.get(0).mul(x.get(1)), List.of(now(node.input(0)), multiplier), node.output()));
    }

    private float scale(Node node) {
        return index.constant(node.input(1)).orElseThrow().toFloats()[0];
    }

    /** The names of what decides the integers of a layer's weights and bias. */
    private List<String> quantizedLayer(Node taker) {
        Layer layer = Objects.requireNonNull(layers.get(taker.name()));
        ActivationScales.Encoded input = scales.of(quantizationOf(taker.input(0)));
        String bias = layer.node().input(Layer.BIAS);
        if (layer.bias().isEmpty()) {
            bias = taker.name() + "_no_bias";
            constants.computeIfAbsent(bias, name -> array(new float[layer.channels()], new Shape(layer.channels())));
        }
        String least = taker.name() + "_least_scale";
        float smallest = Float.MIN_NORMAL * 2 / Math.min(1, input.scale());
        constants.computeIfAbsent(least, name -> array(new float[] {smallest}, new Shape(1)));
        return List.of(layer.node().input(Layer.WEIGHT), bias, input.logScale(), least);
    }

    private Node quantizationOf(String decoded) {
        Node dequantization = index.producer(decoded).orElseThrow();
        return index.producer(dequantization.input(0)).orElseThrow();
    }

    private NDArray dequantized(Node node, Tensor integers) {
        float[] scale = index.constant(node.input(1)).orElseThrow().toFloats();
        if (scale.length != 1) {
            throw new IllegalStateException(node + " with " + scale.length + " scales");
        }
        byte[] zeroPoint = index.constant(node.input(2)).map(Tensor::data).orElse(new byte[1]);
        int mask = integers.type() == ElementType.UINT8 ? 0xff : -1;
        float[] values = new float[integers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((integers.data()[i] & mask) - (zeroPoint[0] & mask)) * scale[0];
        }
        return array(values, shape(integers));
    }

    private NDArray array(float[] values, Shape shape) {
        return ActivationScales.array(values, shape, manager);
    }

    private static Shape shape(Tensor tensor) {
        return new Shape(tensor.shape().stream().mapToLong(Long::longValue).toArray());
    }
}
