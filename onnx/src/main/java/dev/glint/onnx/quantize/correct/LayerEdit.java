package dev.glint.onnx.quantize.correct;

import dev.glint.onnx.graph.FreshNames;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A float model while weights and biases of its layers change; its nodes keep their names and values. */
final class LayerEdit {
    private final OnnxModel model;
    private final FreshNames names;
    private final List<Node> nodes;
    private final Map<String, Tensor> constants;

    LayerEdit(OnnxModel model) {
        this.model = model;
        this.names = FreshNames.avoiding(model.graph());
        this.nodes = new ArrayList<>(model.graph().nodes());
        this.constants = new LinkedHashMap<>(model.graph().initializers());
    }

    /** A layer as it is now. */
    Layer layer(Layer before) {
        Node node = nodes.get(place(before));
        return Layer.read(node, name -> Optional.ofNullable(constants.get(name)))
                .orElseThrow();
    }

    /** Gives a layer other weights of the same shape. */
    void setWeight(Layer layer, float... weight) {
        set(layer, Layer.WEIGHT, Tensor.floats(layer.weight().shape(), weight), ".corrected_weight");
    }

    /** Gives a layer, which may have had none, a bias per output channel. */
    void setBias(Layer layer, float... bias) {
        set(layer, Layer.BIAS, Tensor.floats(List.of((long) bias.length), bias), ".corrected_bias");
    }

    /** Others may use the constant that was there, so the new one has a name of its own. */
    private void set(Layer layer, int input, Tensor tensor, String suffix) {
        int place = place(layer);
        Node node = nodes.get(place);
        String old = node.input(input);
        boolean own = old.equals(node.name() + suffix) && constants.containsKey(old);
        String name = own ? old : names.allocate(node.name() + suffix);
        constants.put(name, tensor);
        nodes.set(place, node.withInput(input, name));
    }

    private int place(Layer layer) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).name().equals(layer.node().name())) {
                return i;
            }
        }
        throw new IllegalArgumentException("no node " + layer.node());
    }

    /** The model as it is now. */
    OnnxModel model() {
        Graph graph = model.graph().withNodes(nodes, used());
        return model.withGraph(graph);
    }

    private Map<String, Tensor> used() {
        Map<String, Tensor> used = new LinkedHashMap<>(constants);
        Set<String> taken = new HashSet<>();
        nodes.forEach(node -> taken.addAll(node.inputs()));
        model.graph().outputs().forEach(output -> taken.add(output.name()));
        used.keySet().retainAll(taken);
        return used;
    }
}
