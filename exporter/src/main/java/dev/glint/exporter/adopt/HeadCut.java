package dev.glint.exporter.adopt;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.FreshNames;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.pass.RemoveDeadCode;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A graph whose output is one logit per label, and how the file's own answers follow from them.
 *
 * @param graph the graph, with its head left out
 * @param kind what its values are
 * @param head what the file does to them
 * @param single whether the file has one value for two labels, that of the second
 * @param assumed whether neither the file nor anybody says what its values are, so that they pass for logits
 * @param steps what was done, for a report
 */
public record HeadCut(
        Graph graph, OutputKind kind, AnswerHead head, boolean single, boolean assumed, List<String> steps) {
    /** A second label's value becomes two: nothing for the first, in logits. */
    private static final float[] SECOND = {0, 1};

    /** And what is missing to 1, in probabilities. */
    private static final float[] COMPLEMENT = {-1, 1};

    private static final float[] CERTAINTY = {1, 0};
    private static final float[] NOTHING = {0, 0};

    /**
     * Looks at a graph's end.
     *
     * @param graph with one output (N, classes)
     * @param labels how many there are
     * @param stated what somebody says of the values, empty if nobody does
     * @throws GlintException ({@code MODEL}) if there are more or fewer classes than labels, ({@code USAGE}) if the graph
     *     contradicts what is stated, or if nothing is stated of one value that the graph says nothing of
     */
    public static HeadCut find(Graph graph, int labels, Optional<OutputKind> stated) {
        ValueInfo output = graph.outputs().get(0);
        long classes = classes(output);
        boolean single = classes == 1 && labels == 2;
        if (classes != labels && !single) {
            throw GlintException.failure(
                    Reason.MODEL,
                    labels + " labels for " + classes + (classes == 1 ? " class" : " classes") + " of the output "
                            + output.name(),
                    "a label for each class, in their order",
                    "correct the labels, or name another output with --output");
        }
        Found found = Found.behind(graph);
        requireNoContradiction(found.head(), stated);
        OutputKind kind = found.head() == AnswerHead.NONE
                ? stated.orElse(OutputKind.LOGITS)
                : found.head().kind();
        if (single && found.head() == AnswerHead.NONE && stated.isEmpty()) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "no --output-kind, and one value for two labels that no Sigmoid makes",
                    "logits or probabilities, of the second label",
                    "add --output-kind");
        }
        Builder builder = new Builder(graph, found.value());
        List<String> steps = new ArrayList<>();
        if (found.head() != AnswerHead.NONE) {
            steps.add(found.head() + " at the end left to who reads the answers");
            if (found.reshaped()) {
                builder.flatten();
            }
        }
        if (single) {
            steps.add("one value for two labels made two");
            boolean probability = kind == OutputKind.PROBABILITIES;
            builder.spread(probability ? COMPLEMENT : SECOND, probability ? CERTAINTY : NOTHING);
            kind = probability ? kind : OutputKind.LOGITS;
        }
        boolean assumed = found.head() == AnswerHead.NONE && stated.isEmpty();
        return new HeadCut(builder.graph(labels), kind, found.head(), single, assumed, steps);
    }

    private static long classes(ValueInfo output) {
        List<Dimension> shape = output.shape();
        if (shape != null && shape.size() == 2 && shape.get(1) instanceof Dimension.Fixed classes) {
            return classes.size();
        }
        throw GlintException.failure(
                Reason.MODEL,
                "the output " + output.name() + " of shape " + (shape == null ? "unknown" : shape),
                "(N, classes)",
                "export a network that ends in a value per class");
    }

    private static void requireNoContradiction(AnswerHead head, Optional<OutputKind> stated) {
        boolean fits = switch (head) {
            case NONE -> true;
            case LOG_SOFTMAX -> stated.isEmpty() || stated.get() == OutputKind.LOGITS;
            case SOFTMAX, SIGMOID -> stated.isEmpty() || stated.get() == OutputKind.PROBABILITIES;
        };
        if (!fits) {
            throw GlintException.failure(
                            Reason.USAGE,
                            stated.orElseThrow().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                            "what " + head + " at the file's end gives",
                            "leave it out: what the file says is enough")
                    .about("--output-kind");
        }
    }

    /** What the file gives where the imported model gives these values. */
    public double[] answers(float[] values) {
        if (!single) {
            return head.apply(values);
        }
        float second = kind == OutputKind.PROBABILITIES ? values[1] : values[1] - values[0];
        return head.apply(new float[] {second});
    }

    /** The last node that is more than another shape. */
    private record Found(AnswerHead head, String value, boolean reshaped) {
        static Found behind(Graph graph) {
            GraphIndex index = new GraphIndex(graph);
            String output = graph.outputs().get(0).name();
            String value = output;
            boolean reshaped = false;
            while (true) {
                Optional<Node> node = index.producer(value);
                Optional<AnswerHead> head = node.flatMap(AnswerHead::find);
                if (head.isPresent() && isOfClasses(node.get(), head.get(), reshaped)) {
                    return new Found(head.get(), node.get().input(0), reshaped);
                }
                if (node.isEmpty() || !node.get().isOperator("Identity", "Flatten", "Reshape", "Squeeze")) {
                    return new Found(AnswerHead.NONE, output, false);
                }
                reshaped |= !node.get().isOperator("Identity");
                value = node.get().input(0);
            }
        }

        /** Whether a softmax is over the classes: the second dimension, or the last of two. */
        private static boolean isOfClasses(Node node, AnswerHead head, boolean reshaped) {
            long axis = node.integer("axis", -1);
            return head == AnswerHead.SIGMOID || axis == 1 || axis == -1 && !reshaped || axis == -3 && reshaped;
        }
    }

    /** Puts nodes behind a value. */
    private static final class Builder {
        private final Graph before;
        private final FreshNames names;
        private final List<Node> nodes;
        private final Map<String, Tensor> constants;
        private String value;

        Builder(Graph before, String value) {
            this.before = before;
            this.names = FreshNames.avoiding(before);
            this.nodes = new ArrayList<>(before.nodes());
            this.constants = new LinkedHashMap<>(before.initializers());
            this.value = value;
        }

        void flatten() {
            append("Flatten", List.of());
        }

        /** Each of the one value's results is the value times a factor plus a term. */
        void spread(float[] factors, float[] terms) {
            append(
                    "Gemm",
                    List.of(
                            constant("label_factors", List.of(1L, (long) factors.length), factors),
                            constant("label_terms", List.of((long) terms.length), terms)));
        }

        private String constant(String base, List<Long> shape, float... values) {
            String name = names.allocate(base);
            constants.put(name, Tensor.floats(shape, values));
            return name;
        }

        private void append(String op, List<String> others) {
            List<String> inputs = new ArrayList<>(List.of(value));
            inputs.addAll(others);
            String output = names.allocate("logits");
            nodes.add(new Node(names.allocate("logits_" + op), op, inputs, List.of(output), Map.of()));
            value = output;
        }

        Graph graph(int labels) {
            List<Dimension> shape = List.of(
                    Objects.requireNonNull(before.outputs().get(0).shape()).get(0), new Dimension.Fixed(labels));
            Graph whole = new Graph(
                    before.name(),
                    before.inputs(),
                    List.of(new ValueInfo(value, ElementType.FLOAT, shape)),
                    nodes,
                    constants);
            return GraphPass.applyAll(List.of(new RemoveDeadCode()), whole);
        }
    }
}
