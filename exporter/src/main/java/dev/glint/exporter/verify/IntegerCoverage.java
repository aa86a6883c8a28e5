package dev.glint.exporter.verify;

import com.google.gson.JsonObject;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.inference.ExecutedStep;
import dev.glint.onnx.inference.OnnxSession;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How much of a model ONNX Runtime computes in integers on this machine, counted in what it really runs.
 *
 * @param nodes operators, without conversions
 * @param weights elements of the weights of convolutions and linear layers
 * @param multiplyAdds multiplications with an addition for one picture, in convolutions and matrix products
 * @param conversions operators that only turn floats into integers or back
 */
public record IntegerCoverage(Share nodes, Share weights, Share multiplyAdds, int conversions) {
    private static final Set<String> CONVERSIONS =
            Set.of("QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear");
    private static final Set<String> BYTES = Set.of("uint8", "int8");

    /** As {@code QLinearConv}, {@code QGemm}, {@code MatMulIntegerToFloat}. */
    private static final Pattern INTEGER_OPERATOR = Pattern.compile("Q[A-Z].*|.*Integer.*|DynamicQuantizeMatMul");

    private static final Set<String> WEIGHTED = Set.of(
            "Conv",
            "FusedConv",
            "NhwcFusedConv",
            "ConvInteger",
            "Gemm",
            "FusedGemm",
            "MatMul",
            "FusedMatMul",
            "MatMulInteger",
            "MatMulIntegerToFloat",
            "DynamicQuantizeMatMul",
            "QLinearConv",
            "QLinearMatMul",
            "QGemm");
    /** Which input the weights are. */
    private static final int WEIGHT = 1;
    /** Scale and zero point of the input come before them. */
    private static final int QUANTIZED_WEIGHT = 3;

    private static final ExecutedStep NOT_RUN = new ExecutedStep("", List.of(), List.of());

    /**
     * A part of a whole.
     *
     * @param integers how many of them are integers
     * @param total how many there are
     */
    public record Share(long integers, long total) {
        public Share {
            if (integers < 0 || integers > total) {
                throw new IllegalArgumentException(integers + " of " + total);
            }
        }

        /** The part, 0 to 1; 0 of nothing. */
        public double ratio() {
            return total == 0 ? 0 : (double) integers / total;
        }

        private JsonObject toJson() {
            JsonObject json = new JsonObject();
            json.addProperty("integers", integers);
            json.addProperty("total", total);
            return json;
        }

        private Share plus(long count, boolean integer) {
            return new Share(integers + (integer ? count : 0), total + count);
        }
    }

    /**
     * Runs a model for one picture and counts.
     *
     * @throws dev.glint.runtime.failure.GlintException ({@code MODEL}) if ONNX Runtime refuses it
     * @throws IOException if temporary files cannot be written
     */
    public static IntegerCoverage measure(OnnxModel model) throws IOException {
        return measure(model, OnnxSession.optimized(model));
    }

    /**
     * Runs a model for one picture and counts.
     *
     * @param optimized what {@link OnnxSession#optimized} makes of the model
     * @throws dev.glint.runtime.failure.GlintException ({@code MODEL}) if ONNX Runtime refuses it
     * @throws IOException if temporary files cannot be written
     */
    public static IntegerCoverage measure(OnnxModel model, OnnxModel optimized) throws IOException {
        return count(ExecutedStep.record(model), optimized);
    }

    /**
     * The same for what ARM fuses: signed activations, too.
     *
     * @param optimized what {@link OnnxSession#optimizedForSignedActivations} makes of the model
     */
    public static IntegerCoverage measureAsOnArm(OnnxModel model, OnnxModel optimized) throws IOException {
        return count(ExecutedStep.recordWithSignedActivations(model), optimized);
    }

    private static IntegerCoverage count(Map<String, ExecutedStep> steps, OnnxModel optimized) {
        GraphIndex index = new GraphIndex(optimized.graph());
        Share nodes = new Share(0, 0);
        Share weights = nodes;
        Share multiplyAdds = nodes;
        int conversions = 0;
        for (Node node : optimized.graph().nodes()) {
            if (CONVERSIONS.contains(node.op())) {
                conversions++;
                continue;
            }
            ExecutedStep step = steps.getOrDefault(node.name(), NOT_RUN);
            boolean integer = BYTES.contains(step.inputType())
                    || INTEGER_OPERATOR.matcher(node.op()).matches();
            nodes = nodes.plus(1, integer);
            if (WEIGHTED.contains(node.op())) {
                int input = node.op().startsWith("Q") ? QUANTIZED_WEIGHT : WEIGHT;
                Optional<Tensor> weight = weight(node.input(input), index);
                weights = weights.plus(weight.map(Tensor::size).orElse(0), integer);
                multiplyAdds = multiplyAdds.plus(multiplyAdds(node, step, weight), integer);
            }
        }
        return new IntegerCoverage(nodes, weights, multiplyAdds, conversions);
    }

    /** A constant, or what becomes of one on its way. */
    private static Optional<Tensor> weight(String value, GraphIndex index) {
        return index.constant(value)
                .or(() -> index.producer(value)
                        .filter(node -> node.isOperator("DequantizeLinear", "Cast"))
                        .flatMap(node -> index.constant(node.input(0))));
    }

    /** Each weight is used once per position of the output; a product of two activations has none. */
    private static long multiplyAdds(Node node, ExecutedStep step, Optional<Tensor> weight) {
        long outputs = step.outputShape().stream().reduce(1L, (a, b) -> a * b);
        List<Long> taken = step.inputShape();
        if (step.outputShape().isEmpty()) {
            return 0;
        }
        if (weight.isEmpty()) {
            return taken.isEmpty() ? 0 : outputs * taken.get(taken.size() - 1);
        }
        boolean convolution = node.op().contains("Conv");
        long channels = convolution
                ? weight.get().shape().get(0)
                : step.outputShape().get(step.outputShape().size() - 1);
        return channels == 0 ? 0 : outputs / channels * weight.get().size();
    }

    /** The JSON form: {@code nodes}, {@code weights} and {@code multiplyAdds} as parts of a whole, and the conversions. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.add("nodes", nodes.toJson());
        json.add("weights", weights.toJson());
        json.add("multiplyAdds", multiplyAdds.toJson());
        json.addProperty("conversions", conversions);
        return json;
    }

    /** One line for people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d of %d operators, %.1f %% of the weights and %.1f %% of the multiply-adds; %d conversions",
                nodes.integers(),
                nodes.total(),
                100 * weights.ratio(),
                100 * multiplyAdds.ratio(),
                conversions);
    }
}
