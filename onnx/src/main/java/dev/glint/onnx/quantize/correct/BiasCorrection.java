package dev.glint.onnx.quantize.correct;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.pass.RemoveDeadCode;
import dev.glint.onnx.quantize.calibrate.Measurement;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Adds to each layer's bias what the mean of each of its output channels has lost: rounded weights do not err around 0 for
 * the pictures at hand. Layer by layer in the order in which they run, since what one gets right changes what the next
 * sees. (Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction", 2019, section 4.2, with
 * means of calibration pictures.)
 */
public final class BiasCorrection implements Correction {
    @Override
    public String name() {
        return "bias-correction";
    }

    @Override
    public QuantizationDraft correct(QuantizationDraft draft, Measurement measurement) {
        GraphIndex index = new GraphIndex(draft.floats().graph());
        Map<String, Layer> layers = new LinkedHashMap<>();
        for (Node node : index.graph().nodes()) {
            if (draft.plan().weights().containsKey(node.name())) {
                Layer.read(node, index::constant).ifPresent(layer -> layers.put(node.output(), layer));
            }
        }
        Map<String, float[]> expected = measurement.channelMeans(draft.floats(), layers.keySet());
        LayerEdit edit = new LayerEdit(draft.floats());
        layers.forEach((value, layer) -> {
            OnnxModel integers = draft.withFloats(edit.model()).write();
            String made = made(integers.graph(), layer.node());
            float[] found = Objects.requireNonNull(measurement
                    .channelMeans(endingWith(integers, made), Set.of(made))
                    .get(made));
            float[] wanted = Objects.requireNonNull(expected.get(value));
            float[] bias = layer.biasPerChannel().clone();
            for (int c = 0; c < bias.length; c++) {
                bias[c] += wanted[c] - found[c];
            }
            edit.setBias(layer, bias);
        });
        return draft.withFloats(edit.model());
    }

    /** What a layer makes in the integer model, where an encoded output of the graph has another name. */
    private static String made(Graph graph, Node layer) {
        return graph.nodes().stream()
                .filter(node -> node.name().equals(layer.name()))
                .findFirst()
                .orElseThrow()
                .output();
    }

    private static OnnxModel endingWith(OnnxModel model, String value) {
        Graph cut = model.graph().withOutputs(List.of(new ValueInfo(value, ElementType.FLOAT, null)));
        return model.withGraph(GraphPass.applyAll(List.of(new RemoveDeadCode()), cut));
    }
}
