package dev.glint.onnx.normalize;

import dev.glint.onnx.foreign.ForeignModel;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.List;
import java.util.Map;

/** Makes of a foreign model one that Glint's quantiser and engine know. The same file gives the same model. */
public final class Normalizer {
    private Normalizer() {}

    /**
     * Normalises a model.
     *
     * @throws GlintException ({@code MODEL}) if it has something that cannot be normalised, with what that is; ({@code USAGE})
     *     if an option is missing or does not fit
     */
    public static Normalized normalize(ForeignModel foreign, NormalizeOptions options) {
        Graph graph = withOneOutput(foreign.model().graph(), options);
        Graph rewritten = GraphPass.applyAll(GraphPass.standard(), graph);
        OnnxModel model = OnnxModel.fromGraph(rewritten, Map.of());
        return new Normalized(model, List.of(), false);
    }

    private static Graph withOneOutput(Graph graph, NormalizeOptions options) {
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
}
