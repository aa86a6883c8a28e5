package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.FreshNames;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.shape.ShapeInference;
import dev.glint.onnx.shape.Shapes;
import dev.glint.onnx.shape.Size;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The input and the output of a graph in the form that contracts speak of. */
final class GraphEnds {
    /** Dimensions of (N, C, H, W). */
    private static final int RANK = 4;
    /** Larger pictures are no classifier's. */
    private static final long MAX_SIZE = 1 << 16;

    /** Gray, colours, and colours with alpha. */
    private static final Set<Long> CHANNELS = Set.of(1L, 3L, 4L);

    private static final String BATCH = "N";

    private GraphEnds() {}

    /** The graph with the output that was asked for, or its only one. */
    static Graph withOneOutput(Graph graph, NormalizeOptions options) {
        List<String> names = graph.outputs().stream().map(ValueInfo::name).toList();
        if (options.output().isEmpty() && names.size() != 1) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "the outputs " + names,
                    "one with a value per class",
                    "name the one with the classes");
        }
        String name = options.output().orElseGet(() -> names.get(0));
        List<ValueInfo> chosen = graph.outputs().stream()
                .filter(output -> output.name().equals(name))
                .toList();
        if (chosen.isEmpty()) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "no output " + name + ", but " + names,
                    "an output of the model",
                    "name one of these");
        }
        return graph.withOutputs(chosen);
    }

    /** The batch that the file was exported for; 1 if it is free. */
    static long batch(Graph graph) {
        List<Dimension> shape = input(graph).shape();
        return shape != null && !shape.isEmpty() && shape.get(0) instanceof Dimension.Fixed fixed ? fixed.size() : 1;
    }

    /** The only input that the output depends on. */
    private static ValueInfo input(Graph graph) {
        GraphIndex index = new GraphIndex(graph);
        List<ValueInfo> used = graph.inputs().stream()
                .filter(input -> !index.consumers(input.name()).isEmpty() || index.isOutput(input.name()))
                .toList();
        if (used.size() != 1) {
            throw GlintException.failure(
                    Reason.MODEL,
                    used.size() + " inputs ("
                            + String.join(
                                    ", ", used.stream().map(GraphEnds::text).toList()) + ")",
                    "one input of pictures",
                    "choose a model that takes pictures only");
        }
        return used.get(0);
    }

    private static String text(ValueInfo value) {
        return value.name() + " " + value.type() + (value.shape() == null ? "" : " " + value.shape());
    }

    /** The graph with one input, whose batch is free, and whose other sizes are known. */
    static Graph withInputShape(Graph graph, NormalizeOptions options) {
        ValueInfo input = input(graph);
        List<Dimension> stated = input.shape();
        if (stated == null && options.inputShape().isEmpty() || stated != null && stated.size() != RANK) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "the input " + text(input),
                    "pictures (N, C, H, W) or (N, H, W, C)",
                    "give such a model");
        }
        if (!options.inputShape().isEmpty() && options.inputShape().size() != RANK) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "the input shape " + options.inputShape(),
                    RANK + " sizes",
                    "give -1 for those of the file");
        }
        List<Dimension> shape = new ArrayList<>();
        shape.add(options.anyBatch() ? new Dimension.Free(BATCH) : new Dimension.Fixed(1));
        for (int i = 1; i < RANK; i++) {
            Optional<Long> asked = options.inputShape().isEmpty()
                    ? Optional.empty()
                    : Optional.of(options.inputShape().get(i)).filter(size -> size != NormalizeOptions.AS_IN_FILE);
            Optional<Long> said = stated != null && stated.get(i) instanceof Dimension.Fixed fixed
                    ? Optional.of(fixed.size())
                    : Optional.empty();
            shape.add(new Dimension.Fixed(size(input, asked, said)));
        }
        ValueInfo known = new ValueInfo(input.name(), input.type(), shape);
        return new Graph(graph.name(), List.of(known), graph.outputs(), graph.nodes(), graph.initializers());
    }

    private static long size(ValueInfo input, Optional<Long> asked, Optional<Long> said) {
        if (asked.isPresent() && said.isPresent() && !asked.equals(said)) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "the input " + text(input) + " and a size of " + asked.get(),
                    "the sizes of the file",
                    "leave the size out");
        }
        long size = asked.or(() -> said)
                .orElseThrow(() -> GlintException.failure(
                        Reason.USAGE,
                        "the input " + text(input) + ", which takes pictures of any size",
                        "one size",
                        "give the size of the pictures"));
        if (size < 1 || size > MAX_SIZE) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "a size of " + size + " in the input " + text(input),
                    "1 to " + MAX_SIZE,
                    "check the model");
        }
        return size;
    }

    /**
     * The graph whose input is (N, C, H, W) where it was (N, H, W, C): 1, 3 or 4 channels last, and another size first. What it was
     * is made of it by a Transpose, which most often undoes another.
     */
    static Graph withChannelsFirst(Graph graph) {
        ValueInfo input = graph.inputs().get(0);
        List<Dimension> shape = input.shape();
        if (shape == null || !isChannels(shape.get(RANK - 1)) || isChannels(shape.get(1))) {
            return graph;
        }
        List<Dimension> first = TransposeUpwards.TO_CHANNELS_FIRST.stream()
                .map(axis -> shape.get(axis.intValue()))
                .toList();
        FreshNames names = FreshNames.avoiding(graph);
        String last = names.allocate(input.name() + ".channels_last");
        List<Node> nodes = new ArrayList<>();
        Map<String, Attribute> order = Map.of("perm", Attribute.integers(List.of(0L, 2L, 3L, 1L)));
        nodes.add(new Node(last, "Transpose", List.of(input.name()), List.of(last), order));
        graph.nodes().forEach(node -> nodes.add(node.withInputs(renamed(node.inputs(), input.name(), last))));
        ValueInfo moved = new ValueInfo(input.name(), input.type(), first);
        return new Graph(graph.name(), List.of(moved), graph.outputs(), nodes, graph.initializers());
    }

    private static boolean isChannels(Dimension dimension) {
        return dimension instanceof Dimension.Fixed fixed && CHANNELS.contains(fixed.size());
    }

    /** The graph with (N, classes) as its output where it was (N, classes, 1, 1). */
    static Graph withRowsAsOutput(Graph graph) {
        ValueInfo output = graph.outputs().get(0);
        Optional<List<Size>> shape = ShapeInference.infer(graph).shape(output.name());
        boolean pixels = shape.isPresent()
                && shape.get().size() > 2
                && shape.get().stream().skip(2).allMatch(size -> size.equals(Size.ONE));
        if (!pixels) {
            return graph;
        }
        String map = FreshNames.avoiding(graph).allocate(output.name() + ".map");
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            nodes.add(node.withInputs(renamed(node.inputs(), output.name(), map))
                    .withOutputs(renamed(node.outputs(), output.name(), map)));
        }
        Map<String, Attribute> axis = Map.of("axis", Attribute.integer(1));
        String name = FreshNames.avoiding(graph).allocate(output.name() + ".flatten");
        nodes.add(new Node(name, "Flatten", List.of(map), List.of(output.name()), axis));
        return graph.withNodes(nodes);
    }

    private static List<String> renamed(List<String> names, String from, String to) {
        return names.stream().map(name -> name.equals(from) ? to : name).toList();
    }

    /** The graph with the shape of its output said: (N, classes). */
    static Graph withStatedOutput(Graph graph) {
        ValueInfo output = graph.outputs().get(0);
        Shapes shapes = ShapeInference.infer(graph);
        Optional<List<Size>> shape = shapes.shape(output.name());
        boolean rows = shape.isPresent()
                && shape.get().size() == 2
                && shapes.shape(graph.inputs().get(0).name())
                        .filter(input -> input.get(0).equals(shape.get().get(0)))
                        .isPresent()
                && !shape.get().get(1).perPicture();
        if (!rows) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "the output " + output.name() + " of shape "
                            + shape.map(Object::toString).orElseGet(() -> firstUnknown(graph, shapes)),
                    "a value for each class, (N, classes)",
                    "choose the output with the classes");
        }
        List<Dimension> stated = List.of(
                Objects.requireNonNull(graph.inputs().get(0).shape()).get(0),
                new Dimension.Fixed(shape.get().get(1).factor()));
        return graph.withOutputs(List.of(new ValueInfo(output.name(), ElementType.FLOAT, stated)));
    }

    private static String firstUnknown(Graph graph, Shapes shapes) {
        return graph.nodes().stream()
                .filter(node -> shapes.shape(node.outputs().get(0)).isEmpty())
                .findFirst()
                .map(node -> "unknown, as it is behind " + node + " of "
                        + node.inputs().stream()
                                .map(input -> shapes.shape(input)
                                        .map(Object::toString)
                                        .orElse("?"))
                                .toList())
                .orElse("unknown");
    }
}
