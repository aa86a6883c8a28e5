package dev.glint.onnx.quantize.correct;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.quantize.calibrate.Measurement;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Moves what nearly every element of a channel has above 0, its mean less three standard deviations, from the bias before a
 * ReLU into the bias of the layer behind it, so that the range of the activations, which reaches from 0, is not spent on
 * what is always there. (Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction", 2019,
 * section 4.1.3, with measured instead of batch norm's moments.)
 *
 * <p>Only where the second layer comes right behind the ReLU and pads nothing, since its padding would have to be the
 * constant; and only for channels that no clip cuts.
 */
public final class BiasAbsorption implements Correction {
    private static final double DEVIATIONS = 3;

    @Override
    public String name() {
        return "bias-absorption";
    }

    @Override
    public boolean changesActivations() {
        return true;
    }

    @Override
    public QuantizationDraft correct(QuantizationDraft draft, Measurement measurement) {
        List<LayerPair> pairs = LayerPair.find(new GraphIndex(draft.floats().graph())).stream()
                .filter(pair ->
                        pair.rectified() && pair.second().node().input(0).equals(pair.activation()))
                .filter(pair -> !pads(pair.second().node()))
                .toList();
        if (pairs.isEmpty()) {
            return draft;
        }
        Map<String, ChannelMoments> moments = ChannelMoments.measure(
                draft.floats(),
                pairs.stream()
                        .collect(Collectors.toMap(
                                pair -> pair.first().node().output(),
                                pair -> pair.first().channels())),
                measurement);
        LayerEdit edit = new LayerEdit(draft.floats());
        pairs.forEach(pair -> absorb(
                pair.withLayers(edit),
                Objects.requireNonNull(moments.get(pair.first().node().output())),
                edit));
        return draft.withFloats(edit.model());
    }

    private static boolean pads(Node node) {
        boolean explicit = node.attributes().get("pads") instanceof Attribute.Ints pads
                && pads.values().stream().anyMatch(pad -> pad != 0);
        boolean automatic = node.attributes().get("auto_pad") instanceof Attribute.Text text
                && text.value().startsWith("SAME");
        return explicit || automatic;
    }

    private static void absorb(LayerPair pair, ChannelMoments seen, LayerEdit edit) {
        double[] constant = new double[seen.channels()];
        boolean any = false;
        for (int c = 0; c < constant.length; c++) {
            double low = seen.mean(c) - DEVIATIONS * seen.standardDeviation(c);
            constant[c] = seen.max(c) < pair.upperBound() ? Math.max(0, low) : 0;
            any |= constant[c] > 0;
        }
        if (!any) {
            return;
        }
        float[] first = pair.first().biasPerChannel().clone();
        for (int c = 0; c < first.length; c++) {
            first[c] -= (float) constant[c];
        }
        edit.setBias(pair.first(), first);
        float[] weights = pair.second().weight().toFloats();
        float[] bias = pair.second().biasPerChannel();
        double[] second = new double[bias.length];
        int row = weights.length / second.length;
        for (int i = 0; i < weights.length; i++) {
            second[i / row] += weights[i] * constant[pair.channelOfWeight(i)];
        }
        float[] moved = new float[second.length];
        for (int o = 0; o < moved.length; o++) {
            moved[o] = (float) (bias[o] + second[o]);
        }
        edit.setBias(pair.second(), moved);
    }
}
