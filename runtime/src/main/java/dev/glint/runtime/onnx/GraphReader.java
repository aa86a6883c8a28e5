package dev.glint.runtime.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads a graph (onnx.proto, {@code GraphProto}), those inside its nodes included, and counts what the limits bound. */
final class GraphReader {
    /** ONNX's own operators, the classical ones, and those that ONNX Runtime and its tools add. */
    private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");

    private static final int ENDS_PER_NODE = 6;

    /** Inputs of a node, mostly: longer lists would be memory for nothing, which a start pays for by the page. */
    private static final int USUAL_ENDS = 3;

    private final OnnxLimits limits;
    private final List<OnnxGraph> graphs = new ArrayList<>(1);
    private int nodes;
    private int tensors;
    private long ends;
    private long numbers;

    GraphReader(OnnxLimits limits) {
        this.limits = limits;
    }

    /** The outermost graph. Neither it nor one inside may have cycles, or make much out of little. */
    OnnxGraph read(WireReader reader) {
        OnnxGraph graph = read(reader, 1);
        GrowthCheck growth = new GrowthCheck(limits.grown());
        // What is inside may take what its surroundings give, and ended before them.
        for (int i = graphs.size() - 1; i >= 0; i--) {
            growth.check(graphs.get(i), NodeOrder.sorted(graphs.get(i)));
        }
        return graph;
    }

    private OnnxGraph read(WireReader reader, int depth) {
        if (depth > limits.depth()) {
            throw Refusal.unacceptable("graphs inside graphs, " + depth + " deep", "at most " + limits.depth());
        }
        List<OnnxNode> found = new ArrayList<>();
        List<Initializer> initializers = new ArrayList<>();
        List<ValueInfo> inputs = new ArrayList<>();
        List<ValueInfo> outputs = new ArrayList<>();
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> found.add(node(reader.message(), depth));
                case 5 -> initializers.add(tensor(reader.message()));
                case 11 -> inputs.add(value(reader.message()));
                case 12 -> outputs.add(value(reader.message()));
                case 15 -> throw Refusal.unacceptable("a sparse initializer", "dense tensors");
                default -> reader.skip();
            }
        }
        Set<String> constants = new HashSet<>();
        for (Initializer initializer : initializers) {
            if (!constants.add(initializer.name())) {
                throw Refusal.unacceptable("two initializers named " + initializer.name(), "a name for each");
            }
        }
        inputs.removeIf(input -> constants.contains(input.name()));
        OnnxGraph graph = new OnnxGraph(found, initializers, inputs, outputs);
        graphs.add(graph);
        return graph;
    }

    private OnnxNode node(WireReader reader, int depth) {
        nodes++;
        if (nodes > limits.nodes()) {
            throw Refusal.unacceptable("more nodes", "at most " + limits.nodes());
        }
        String name = "";
        String domain = "";
        String operator = "";
        List<String> inputs = new ArrayList<>(USUAL_ENDS);
        List<String> outputs = new ArrayList<>(1);
        List<OnnxAttribute> attributes = new ArrayList<>(USUAL_ENDS);
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> inputs.add(end(reader));
                case 2 -> outputs.add(end(reader));
                case 3 -> name = reader.name();
                case 4 -> operator = reader.name();
                case 5 -> attributes.add(attribute(reader.message(), depth));
                case 7 -> domain = reader.name();
                default -> reader.skip();
            }
        }
        if (!DOMAINS.contains(domain)) {
            throw Refusal.unacceptable(
                    "operator " + operator + " of the domain " + domain, "operators of ONNX and ONNX Runtime");
        }
        return new OnnxNode(name, domain, operator, inputs, outputs, attributes);
    }

    private ValueInfo value(WireReader reader) {
        countEnd();
        return ValueInfo.read(reader);
    }

    /** The name of a value that a node takes or gives. */
    private String end(WireReader reader) {
        countEnd();
        return reader.name();
    }

    private void countEnd() {
        ends++;
        if (ends > ENDS_PER_NODE * (long) limits.nodes()) {
            throw Refusal.unacceptable("more inputs and outputs", "at most " + ENDS_PER_NODE + " for each node");
        }
    }

    private OnnxAttribute attribute(WireReader message, int depth) {
        AttributeReader reader = new AttributeReader(this::tensor, graph -> read(graph, depth + 1));
        OnnxAttribute attribute = reader.read(message);
        numbers += 1 + reader.count();
        if (numbers > ENDS_PER_NODE * (long) limits.nodes()) {
            throw Refusal.unacceptable("more attributes", "at most " + ENDS_PER_NODE + " numbers for each node");
        }
        return attribute;
    }

    private Initializer tensor(WireReader message) {
        tensors++;
        if (tensors > limits.tensors()) {
            throw Refusal.unacceptable("more tensors", "at most " + limits.tensors());
        }
        return Initializer.read(message, limits);
    }
}
