package dev.glint.onnx.quantize.correct;

import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.quantize.calibrate.Measurement;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import dev.glint.onnx.quantize.scheme.TensorScheme.Granularity;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Divides an output channel of one layer by a positive factor and gives the factor to the next layer, so that channels of
 * very different range lose less by one step for all of them. Through a ReLU the network computes the same. (Nagel et
 * al., "Data-Free Quantization Through Weight Equalization and Bias Correction", 2019.)
 *
 * <p>Weights with one scale per tensor are made equal as the paper says: both layers' channels get the geometric mean of
 * their ranges. Weights with a scale per channel have no use for that; what then differs too much are the activations, for
 * which {@link NoiseBalance} finds the factors.
 *
 * <p>A clip, such as ReLU6, does not let a factor through. A channel that reaches its upper bound on a calibration picture
 * is left as it is; any other is never clipped, and keeps out of the bound's reach.
 */
public final class CrossLayerEqualization implements Correction {
    /** The paper's converge within this many rounds. */
    private static final int ROUNDS = 10;

    /** What a channel may use of what is below a clip's bound: other pictures have larger values. */
    private static final double BELOW_BOUND = 0.15;

    @Override
    public String name() {
        return "equalization";
    }

    @Override
    public boolean changesActivations() {
        return true;
    }

    @Override
    public QuantizationDraft correct(QuantizationDraft draft, Measurement measurement) {
        List<LayerPair> pairs = LayerPair.find(new GraphIndex(draft.floats().graph())).stream()
                .filter(pair ->
                        draft.plan().weights().containsKey(pair.first().node().name()))
                .toList();
        Map<String, Integer> values = new HashMap<>();
        for (LayerPair pair : pairs) {
            values.put(pair.first().node().output(), pair.first().channels());
            values.put(pair.activation(), pair.first().channels());
        }
        Map<String, ChannelMoments> moments = ChannelMoments.measure(draft.floats(), values, measurement);
        LayerEdit edit = new LayerEdit(draft.floats());
        Map<LayerPair, double[]> applied = new HashMap<>();
        for (int round = 0; round < rounds(draft); round++) {
            for (LayerPair pair : pairs) {
                double[] before =
                        applied.computeIfAbsent(pair, key -> ones(key.first().channels()));
                ChannelMoments seen =
                        Objects.requireNonNull(moments.get(pair.first().node().output()));
                double[] factors = factors(
                        draft, pair.withLayers(edit), Objects.requireNonNull(moments.get(pair.activation())), before);
                restrict(factors, before, pair, seen);
                apply(factors, pair.withLayers(edit), edit);
                for (int c = 0; c < factors.length; c++) {
                    before[c] *= factors[c];
                }
            }
        }
        return draft.withFloats(edit.model());
    }

    private static int rounds(QuantizationDraft draft) {
        return draft.plan().weights().values().stream()
                        .anyMatch(scheme -> scheme.granularity() == Granularity.PER_TENSOR)
                ? ROUNDS
                : 1;
    }

    private static double[] ones(int size) {
        double[] ones = new double[size];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double[] factors(QuantizationDraft draft, LayerPair pair, ChannelMoments seen, double... before) {
        Map<String, TensorScheme> weights = draft.plan().weights();
        boolean perTensor =
                Objects.requireNonNull(weights.get(pair.first().node().name())).granularity() == Granularity.PER_TENSOR;
        if (perTensor) {
            return weights.containsKey(pair.second().node().name()) ? geometricMeans(pair) : ones(before.length);
        }
        return draft.plan().activations().containsKey(pair.activation())
                ? NoiseBalance.factors(
                        pair, seen, weights.containsKey(pair.second().node().name()), before)
                : ones(before.length);
    }

    /** {@code sqrt(r1 r2) / r2} for ranges r1 of an output channel's weights and r2 of those that take it. */
    private static double[] geometricMeans(LayerPair pair) {
        double[] first = new double[pair.first().channels()];
        float[] made = pair.first().weight().toFloats();
        int perOutput = made.length / first.length;
        for (int i = 0; i < made.length; i++) {
            first[i / perOutput] = Math.max(first[i / perOutput], Math.abs(made[i]));
        }
        double[] second = new double[first.length];
        float[] taken = pair.second().weight().toFloats();
        for (int i = 0; i < taken.length; i++) {
            int channel = pair.channelOfWeight(i);
            second[channel] = Math.max(second[channel], Math.abs(taken[i]));
        }
        double[] factors = new double[first.length];
        for (int c = 0; c < factors.length; c++) {
            factors[c] = first[c] > 0 && second[c] > 0 ? Math.sqrt(first[c] / second[c]) : 1;
        }
        return factors;
    }

    /** Keeps channels below a clip's bound, and those that reach it as they were. */
    private static void restrict(double[] factors, double[] before, LayerPair pair, ChannelMoments seen) {
        for (int c = 0; c < factors.length; c++) {
            double largest = seen.max(c);
            if (largest >= pair.upperBound()) {
                factors[c] = 1 / before[c];
            } else if (largest > 0 && Double.isFinite(pair.upperBound())) {
                double least = Math.min(1, largest / (BELOW_BOUND * pair.upperBound()));
                factors[c] = Math.max(factors[c], least / before[c]);
            }
        }
    }

    private static void apply(double[] factors, LayerPair pair, LayerEdit edit) {
        Layer first = pair.first();
        float[] made = first.weight().toFloats();
        int perOutput = made.length / factors.length;
        for (int i = 0; i < made.length; i++) {
            made[i] = (float) (made[i] / factors[i / perOutput]);
        }
        edit.setWeight(first, made);
        if (first.bias().isPresent()) {
            float[] bias = first.biasPerChannel().clone();
            for (int c = 0; c < bias.length; c++) {
                bias[c] = (float) (bias[c] / factors[c]);
            }
            edit.setBias(first, bias);
        }
        float[] taken = pair.second().weight().toFloats();
        for (int i = 0; i < taken.length; i++) {
            taken[i] = (float) (taken[i] * factors[pair.channelOfWeight(i)]);
        }
        edit.setWeight(pair.second(), taken);
    }
}
