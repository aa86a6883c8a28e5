package dev.glint.onnx.pass;

import dev.glint.onnx.graph.FreshNames;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A graph while rules change it: nodes are replaced where they stand, constants come under names of their own. */
final class GraphEdit {
    private final GraphIndex before;
    private final FreshNames names;
    private final List<@Nullable Node> nodes;
    /** Where in the list the node stands that makes a value. */
    private final Map<String, Integer> places = new HashMap<>();

    private final Map<String, String> renamed = new HashMap<>();
    private final Map<String, Tensor> constants;
    private final Map<String, String> shared = new HashMap<>();
    private boolean changed;

    GraphEdit(GraphIndex before) {
        this.before = before;
        this.names = FreshNames.avoiding(before.graph());
        this.nodes = new ArrayList<>(before.graph().nodes());
        this.constants = before.copyOfConstants();
        for (int i = 0; i < nodes.size(); i++) {
            place(before.graph().nodes().get(i), i);
        }
    }

    private void place(Node node, int place) {
        node.outputs().stream().filter(value -> !value.isEmpty()).forEach(value -> places.put(value, place));
    }

    /** The graph as it was. */
    GraphIndex before() {
        return before;
    }

    /** The node that makes a value now. */
    Optional<Node> producer(String value) {
        return Optional.ofNullable(places.get(value)).map(nodes::get);
    }

    /** A node's successor where it stood; it may make other values. */
    void replace(Node node, Node successor) {
        int place = remove(node);
        nodes.set(place, successor);
        place(successor, place);
    }

    /** Takes a node away, and says where it stood. */
    int remove(Node node) {
        changed = true;
        int place = node.outputs().stream()
                .flatMap(value -> Optional.ofNullable(places.get(value)).stream())
                .findFirst()
                .orElseThrow();
        node.outputs().forEach(places::remove);
        nodes.set(place, null);
        return place;
    }

    /** Whoever takes or makes a value does so under another name. */
    void rename(String value, String name) {
        changed = true;
        renamed.put(value, name);
    }

    /** The name that a value has by now. */
    String nameNow(String value) {
        String name = value;
        while (renamed.containsKey(name)) {
            name = renamed.get(name);
        }
        return name;
    }

    /** A constant as it is now. */
    Optional<Tensor> constant(String name) {
        return Optional.ofNullable(constants.get(name));
    }

    /** Gives a constant that is there another value. */
    void setConstant(String name, Tensor value) {
        changed = true;
        constants.put(name, value);
    }

    /** Adds a constant; returns its name, the base or one made of it. */
    String addConstant(String base, Tensor value) {
        String name = names.allocate(base);
        setConstant(name, value);
        return name;
    }

    /** A constant that rules share, added when it is first asked for; one of the graph's that is equal will do. */
    String sharedConstant(String base, Tensor value) {
        return shared.computeIfAbsent(base, key -> value.equals(constants.get(key)) ? key : addConstant(key, value));
    }

    /** The graph as it is now; the very same one if nothing was changed. */
    Graph graph() {
        if (!changed) {
            return before.graph();
        }
        List<Node> left =
                nodes.stream().flatMap(Stream::ofNullable).map(this::renamed).toList();
        return before.graph().withNodes(left, constants);
    }

    private Node renamed(Node node) {
        return renamed.isEmpty()
                ? node
                : node.withInputs(node.inputs().stream().map(this::nameNow).toList())
                        .withOutputs(node.outputs().stream().map(this::nameNow).toList());
    }
}
