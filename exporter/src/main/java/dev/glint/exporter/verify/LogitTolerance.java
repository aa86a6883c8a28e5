package dev.glint.exporter.verify;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.inference.OnnxSession;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How far a model's logits may be off on another processor, in another engine or another version of ONNX Runtime, and still be
 * those of the same model. Found by doing to the model what such a machine does to it, and looking at the logits:
 *
 * <ul>
 *   <li>Sums in another order. The computed sum of n products is the exact one of weights that are off by no more than about
 *       the square root of n roundings (N. Higham, T. Mary: "A New Approach to Probabilistic Rounding Error Analysis", SIAM
 *       Journal on Scientific Computing 41, 2019). So each float weight is put off at random by up to that much.
 *   <li>Integers that tip over. A quantised value is a sum of integer products times a float, rounded. Kernels agree on the sum;
 *       in floats they differ by 2^-22 of the value, in fixed point by 2^-8 of a step, and what lies so near to a tie ends one
 *       step apart. So the scales of quantised activations are put off by up to 2^-16, which is as much for the largest value,
 *       and what a tipped value does to later layers is seen rather than guessed. They only get smaller: with a larger one a
 *       byte would stand for more than the clip lets through that vanished in it, and ONNX Runtime would compute that apart.
 *   <li>Biases that are rounded, or not. Of a layer of encoded weights with a bias of floats ONNX Runtime makes an integer one,
 *       for which it rounds the bias to the steps of its sums; other engines compute it in floats. So one model has floats for
 *       weights.
 * </ul>
 *
 * The largest change that a few such models show is multiplied by {@value #MARGIN}, since other machines may have worse luck.
 * It is never below 1e-5 of the largest logit, which fast convolutions (Winograd) need, nor below one step of an output that
 * is quantised itself. For ResNet-18 in int8 that is 6 times as much as computing its integers in floats changes, and a third
 * of what rounding down in every layer would.
 */
final class LogitTolerance {
    static final double MARGIN = 2;
    private static final double LEAST_SHARE = 1e-5;

    /** A little more than a step, which itself is rounded. */
    private static final double STEP = 1.001;

    private static final double ROUNDING = 0x1p-24;
    private static final double TIPPING = 0x1p-16;
    private static final int TRIALS = 3;

    private LogitTolerance() {}

    /**
     * Derives it.
     *
     * @param tensors what the model is shown, (C, H, W) each, in direct buffers
     * @param logits what it gives for them
     * @param shape (1, C, H, W)
     * @return rounded up to two digits
     */
    static double derive(OnnxModel model, List<FloatBuffer> tensors, List<float[]> logits, long... shape) {
        double largest = 0;
        for (float[] ofOne : logits) {
            for (float logit : ofOne) {
                largest = Math.max(largest, Math.abs(logit));
            }
        }
        double change = IntStream.rangeClosed(1, TRIALS)
                .parallel()
                .mapToDouble(trial -> change(disturbed(model, trial), tensors, logits, shape))
                .max()
                .orElse(0);
        if (DecodedWeights.areMixed(model.graph())) {
            change = Math.max(change, change(DecodedWeights.decode(model), tensors, logits, shape));
        }
        double tolerance = Math.max(Math.max(LEAST_SHARE * largest, MARGIN * change), STEP * outputStep(model.graph()));
        return new BigDecimal(tolerance)
                .round(new MathContext(2, RoundingMode.UP))
                .doubleValue();
    }

    /** How far another form of the model is from what this one gave. */
    private static double change(OnnxModel other, List<FloatBuffer> tensors, List<float[]> logits, long... shape) {
        double change = 0;
        try (OnnxSession session = OnnxSession.open(other, 1)) {
            for (int i = 0; i < tensors.size(); i++) {
                float[] found =
                        session.run(tensors.get(i), shape).values().iterator().next();
                change = Math.max(change, distance(found, logits.get(i)));
            }
        }
        return change;
    }

    private static double distance(float[] found, float[] expected) {
        double distance = 0;
        for (int i = 0; i < expected.length; i++) {
            distance = Math.max(distance, Math.abs((double) found[i] - expected[i]));
        }
        return distance;
    }

    /** The scale of the output if it is quantised, 0 otherwise. */
    private static double outputStep(Graph graph) {
        String output = graph.outputs().get(0).name();
        return graph.nodes().stream()
                .filter(node -> node.outputs().contains(output) && node.op().equals("DequantizeLinear"))
                .map(node -> graph.initializers().get(node.inputs().get(1)))
                .filter(scale -> scale != null && scale.size() == 1)
                .mapToDouble(scale -> scale.toFloats()[0])
                .findFirst()
                .orElse(0);
    }

    private static OnnxModel disturbed(OnnxModel model, long seed) {
        Graph graph = model.graph();
        Set<String> scales = new HashSet<>();
        Set<String> bounds = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.op().equals("QuantizeLinear")) {
                scales.add(node.inputs().get(1));
            } else if (node.op().equals("Clip")) {
                bounds.addAll(node.inputs().subList(1, node.inputs().size()));
            }
        }
        Map<String, Tensor> initializers = new LinkedHashMap<>();
        graph.initializers().forEach((name, tensor) -> {
            // Nothing is computed with the bounds of a clip.
            boolean floats = tensor.type() == ElementType.FLOAT && !bounds.contains(name);
            initializers.put(name, floats ? disturbed(tensor, scales.contains(name), seed) : tensor);
        });
        return model.withGraph(graph.withNodes(graph.nodes(), initializers));
    }

    private static Tensor disturbed(Tensor tensor, boolean scale, long seed) {
        float[] values = tensor.toFloats();
        double amplitude = scale ? TIPPING : ROUNDING * Math.sqrt((double) products(tensor));
        // By the value, so that scales that have to be the same stay so.
        long own = values.length == 1 ? Float.floatToIntBits(values[0]) : values.length;
        SplittableRandom random = new SplittableRandom(seed << 32 ^ own);
        for (int i = 0; i < values.length; i++) {
            double share = scale ? -random.nextDouble() : 2 * random.nextDouble() - 1;
            values[i] *= (float) (1 + amplitude * share);
        }
        return Tensor.floats(tensor.shape(), values);
    }

    /** How many of these weights at most go into one sum; of a matrix nobody knows which side that is. */
    private static long products(Tensor weights) {
        List<Long> shape = weights.shape();
        return switch (shape.size()) {
            case 0, 1 -> 1;
            case 2 -> Math.max(shape.get(0), shape.get(1));
            default -> weights.size() / Math.max(1, shape.get(0));
        };
    }
}
