package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A Pad in front of a convolution or pooling over H and W becomes its padding. Zeros are what a convolution pads with; an average
 * must count them; a maximum pads with the lowest of numbers, which zeros are where nothing is negative.
 */
final class PadIntoWindow implements RewriteRule {
    private static final int VALUE = 2;
    /** How far back is looked for what cuts at 0. */
    private static final int MAX_LOOKS = 1000;
    /** Before and behind N, C and one more. */
    private static final int MIN_PADS = 6;

    @Override
    public String name() {
        return "pad-into-window";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Conv", "AveragePool", "MaxPool");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<Node> pad = edit.standingProducer(node.input(0), "Pad")
                .filter(before -> edit.before().soleConsumer(before.output()).isPresent());
        Optional<long[]> pads = pad.flatMap(before -> spatialPads(before, node, edit));
        if (pads.isEmpty() || !node.text("auto_pad", "NOTSET").equals("NOTSET") || node.integer("ceil_mode", 0) != 0) {
            return;
        }
        int axes = pads.get().length / 2;
        List<Long> own = node.integers("pads").orElse(Collections.nCopies(2 * axes, 0L));
        List<Long> sum = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            sum.add(own.get(i) + pads.get()[i]);
        }
        Node padded = node.withInput(0, pad.get().input(0)).withAttribute("pads", Attribute.integers(sum));
        if (node.isOperator("AveragePool")) {
            boolean counts = own.stream().allMatch(size -> size == 0) || node.integer("count_include_pad", 0) != 0;
            if (!counts) {
                return;
            }
            padded = padded.withAttribute("count_include_pad", Attribute.integer(1));
        }
        if (node.isOperator("Conv") || windowsAreLarger(node, sum)) {
            edit.remove(pad.get());
            edit.replace(node, padded);
        }
    }

    /** What is padded before and behind each of H and W, if only these are, with what the window pads with. */
    private static Optional<long[]> spatialPads(Node pad, Node window, GraphEdit edit) {
        Optional<long[]> pads = edit.before().constant(pad.input(1)).map(Tensor::toIntegers);
        boolean constant = pad.text("mode", "constant").equals("constant");
        if (!constant || !padsAlike(pad, window, edit)) {
            return Optional.empty();
        }
        if (pads.isEmpty() || pads.get().length < MIN_PADS) {
            return Optional.empty();
        }
        int rank = pads.get().length / 2;
        long[] spatial = new long[2 * (rank - 2)];
        for (int i = 0; i < pads.get().length; i++) {
            int axis = i % rank;
            long value = pads.get()[i];
            if (value < 0 || axis < 2 && value != 0) {
                return Optional.empty();
            }
            if (axis >= 2) {
                spatial[axis - 2 + (i < rank ? 0 : rank - 2)] = value;
            }
        }
        return Optional.of(spatial);
    }

    private static boolean padsAlike(Node pad, Node window, GraphEdit edit) {
        Optional<Float> value =
                pad.input(VALUE).isEmpty() ? Optional.of(0f) : edit.before().floatScalar(pad.input(VALUE));
        boolean lowest = value.filter(number -> number <= -Float.MAX_VALUE).isPresent();
        boolean zero = value.filter(number -> number == 0).isPresent();
        return window.isOperator("MaxPool") ? lowest || zero && isNeverNegative(pad.input(0), edit) : zero;
    }

    /** ONNX Runtime refuses a pooling whose padding is as large as its window. */
    private static boolean windowsAreLarger(Node node, List<Long> pads) {
        List<Long> window = node.integers("kernel_shape").orElse(List.of());
        return IntStream.range(0, pads.size()).allMatch(i -> pads.get(i) < window.get(i % window.size()));
    }

    private static boolean isNeverNegative(String value, GraphEdit edit) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(value));
        while (!open.isEmpty() && seen.size() < MAX_LOOKS) {
            String next = open.pop();
            Optional<Node> maker = edit.before().producer(next);
            boolean passesOn = maker.filter(node -> node.isOperator("MaxPool", "AveragePool", "Concat"))
                    .isPresent();
            if (!seen.add(next)) {
                continue;
            }
            if (passesOn) {
                open.addAll(maker.get().inputs());
            } else if (maker.filter(node -> isCutAtZero(node, edit)).isEmpty()) {
                return false;
            }
        }
        return open.isEmpty();
    }

    private static boolean isCutAtZero(Node node, GraphEdit edit) {
        return node.isOperator("Relu", "Sigmoid", "HardSigmoid", "Softmax")
                || node.isOperator("Clip")
                        && edit.before()
                                .floatScalar(node.input(1))
                                .filter(bound -> bound >= 0)
                                .isPresent();
    }
}
