package dev.glint.onnx.pass;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.FreshNames;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.shape.LazyShapes;
import dev.glint.onnx.shape.Shapes;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A graph while rules change it: nodes are replaced where they stand, constants come under names of their own. */
public final class GraphEdit {
    /** What constants may be added to a graph of whatever size, in bytes, and how many times what it has besides. */
    private static final long ROOM = 16L << 20;

    private static final long GROWTH = 4;
    private static final long MAX_CONSTANTS = 1L << 31;

    private final GraphIndex before;
    private @Nullable FreshNames names;
    /** What stands where each node stood: itself, its successors, or nothing. */
    private final List<List<Node>> nodes = new ArrayList<>();
    /** Where in the list the node stands that makes a value. */
    private final Map<String, Integer> places = new HashMap<>();

    private final Map<String, String> renamed = new HashMap<>();
    private final Map<String, Tensor> constants;
    private final Map<String, String> shared = new HashMap<>();
    private int changes;
    /** Bytes of constants that may yet be added; negative as long as nobody asked. */
    private long room = -1;

    private final LazyShapes shapes;

    GraphEdit(GraphIndex before, LazyShapes shapes) {
        this.before = before;
        this.shapes = shapes;
        this.constants = before.copyOfConstants();
        for (Node node : before.graph().nodes()) {
            place(node, nodes.size());
            nodes.add(List.of(node));
        }
    }

    private void place(Node node, int place) {
        node.outputs().stream().filter(value -> !value.isEmpty()).forEach(value -> places.put(value, place));
    }

    /** The graph as it was. */
    public GraphIndex before() {
        return before;
    }

    /** What is known of the shapes of the graph as it was. */
    public Shapes shapes() {
        return shapes.get();
    }

    /** How many changes there were. */
    int changes() {
        return changes;
    }

    /** The node that makes a value now. */
    public Optional<Node> producer(String value) {
        return Optional.ofNullable(places.get(value))
                .flatMap(place -> nodes.get(place).stream()
                        .filter(node -> node.outputs().contains(value))
                        .findFirst());
    }

    /** Whether a node of the graph as it was stands there still. */
    public boolean stands(Node node) {
        return node.outputs().stream()
                .flatMap(value -> producer(value).stream())
                .anyMatch(node::equals);
    }

    /** The node of one of these operators that made a value before and does so still. */
    public Optional<Node> standingProducer(String value, String... operators) {
        return before.producer(value).filter(node -> node.isOperator(operators) && stands(node));
    }

    /** Successors of a node where it stood, each after those whose values it takes; they may make other values. */
    public void replace(Node node, Node... successors) {
        int place = remove(node);
        List<Node> there = new ArrayList<>(nodes.get(place));
        there.addAll(List.of(successors));
        nodes.set(place, there);
        for (Node successor : successors) {
            place(successor, place);
        }
    }

    /** Takes a node away, and says where it stood. */
    public int remove(Node node) {
        changes++;
        int place = node.outputs().stream()
                .flatMap(value -> Optional.ofNullable(places.get(value)).stream())
                .findFirst()
                .orElseThrow();
        node.outputs().forEach(places::remove);
        nodes.set(
                place,
                nodes.get(place).stream().filter(there -> !there.equals(node)).toList());
        return place;
    }

    private FreshNames names() {
        if (names == null) {
            names = FreshNames.avoiding(before.graph());
        }
        return names;
    }

    /** A name for a node or value that nothing has yet. */
    public String freshName(String base) {
        return names().allocate(base);
    }

    /** Whoever takes or makes a value does so under another name. */
    public void rename(String value, String name) {
        changes++;
        renamed.put(value, name);
    }

    /** The name that a value has by now. */
    public String nameNow(String value) {
        String name = value;
        while (renamed.containsKey(name)) {
            name = renamed.get(name);
        }
        return name;
    }

    /** A constant as it is now. */
    public Optional<Tensor> constant(String name) {
        return Optional.ofNullable(constants.get(name));
    }

    /** Gives a constant that is there another value. */
    public void setConstant(String name, Tensor value) {
        requireRoom(value.data().length);
        room -= value.data().length;
        changes++;
        constants.put(name, value);
    }

    /**
     * Makes sure that a constant may be added before it is made: weights that many nodes share would else fill the memory with
     * a copy for each.
     *
     * @throws GlintException ({@code LIMIT}) if it may not
     */
    public void requireRoom(long bytes) {
        if (room < 0) {
            room = ROOM + GROWTH * Math.min(MAX_CONSTANTS, bytesOfConstants());
        }
        if (bytes > room) {
            throw GlintException.failure(
                    Reason.LIMIT,
                    "constants of " + bytes + " bytes on top of others",
                    "at most " + room + ", a few times what the model has",
                    "use a smaller model");
        }
    }

    private long bytesOfConstants() {
        long bytes = 0;
        for (Tensor tensor : before.graph().initializers().values()) {
            bytes += tensor.data().length;
        }
        for (Node node : before.graph().nodes()) {
            for (Attribute attribute : node.attributes().values()) {
                bytes += attribute instanceof Attribute.Constant constant
                        ? constant.value().data().length
                        : 0;
            }
        }
        return bytes;
    }

    /** Adds a constant; returns its name, the base or one made of it. */
    public String addConstant(String base, Tensor value) {
        String name = names().allocate(base);
        setConstant(name, value);
        return name;
    }

    /** A constant that rules share, added when it is first asked for; one of the graph's that is equal will do. */
    public String sharedConstant(String base, Tensor value) {
        return shared.computeIfAbsent(base, key -> value.equals(constants.get(key)) ? key : addConstant(key, value));
    }

    /** The graph as it is now; the very same one if nothing was changed. */
    Graph graph() {
        if (changes == 0) {
            return before.graph();
        }
        List<Node> left =
                nodes.stream().flatMap(List::stream).map(this::renamed).toList();
        return before.graph().withNodes(left, constants);
    }

    private Node renamed(Node node) {
        return renamed.isEmpty()
                ? node
                : node.withInputs(node.inputs().stream().map(this::nameNow).toList())
                        .withOutputs(node.outputs().stream().map(this::nameNow).toList());
    }
}
