package dev.glint.exporter.adopt;

import dev.glint.onnx.foreign.ForeignModel;
import dev.glint.onnx.foreign.ForeignReader;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.normalize.AppliedRule;
import dev.glint.onnx.normalize.NormalizeOptions;
import dev.glint.onnx.normalize.Normalized;
import dev.glint.onnx.normalize.Normalizer;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.onnx.OnnxLimits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A foreign file and the model that it became: 32-bit floats (N, C, H, W) in, a value per label out, its contract in the
 * metadata.
 *
 * @param file the foreign file
 * @param foreign what is in it
 * @param input what it takes
 * @param output which of its values says something of the classes
 * @param cut how its answers follow from the model's
 * @param model what it became
 * @param contract what is in the model's metadata
 * @param steps what was done to it, a clause each, in order
 */
public record Adoption(
        Path file,
        ForeignModel foreign,
        PictureInput input,
        String output,
        HeadCut cut,
        OnnxModel model,
        PreprocessContract contract,
        List<String> steps) {

    public Adoption {
        steps = List.copyOf(steps);
    }

    /**
     * Reads a file and makes a model of it: for any batch, unless its pictures meet in the file, which was not made for more than
     * one.
     *
     * @param source where its contract comes from
     * @param output which of its outputs says something of the classes; empty if it has but one with a value per label
     * @throws GlintException ({@code MODEL}, {@code LIMIT}) if the file cannot be read, does not fit a contract or has what no
     *     rule knows, ({@code USAGE}) if something is not said that the file leaves open, or contradicts it
     */
    public static Adoption adopt(Path file, ContractSource source, Optional<String> output) {
        ForeignModel foreign = ForeignReader.read(file);
        try {
            Graph graph = foreign.model().graph();
            PictureInput input = PictureInput.read(graph.inputs(), source.layout(), source.color());
            PreprocessContract pictures = source.contract(input);
            requireBounded(foreign.model(), input, pictures);
            String classes = ClassOutput.choose(
                    graph.outputs(), output, pictures.labels().size());
            Adoption any = make(file, foreign, source, input, pictures, classes, true);
            return EqualityProof.holdsForBatches(any.model(), any.contract())
                    ? any
                    : make(file, foreign, source, input, pictures, classes, false);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static Adoption make(
            Path file,
            ForeignModel foreign,
            ContractSource source,
            PictureInput input,
            PreprocessContract pictures,
            String classes,
            boolean anyBatch) {
        NormalizeOptions options =
                NormalizeOptions.asInFile().withOutput(classes).withInputShape(inputShape(input, pictures));
        Normalized normalized = Normalizer.normalize(foreign, anyBatch ? options : options.withOnePicture());
        HeadCut cut = HeadCut.find(normalized.model().graph(), pictures.labels().size(), source.output());
        PreprocessContract contract =
                pictures.withModel(cut.graph().inputs().get(0).name(), cut.kind());
        OnnxModel model = OnnxModel.fromGraph(cut.graph(), Map.of(PreprocessContract.METADATA_KEY, contract.toJson()));
        List<String> steps = new ArrayList<>(foreign.notes());
        for (AppliedRule rule : normalized.rules()) {
            steps.add(rule.times() == 1 ? rule.name() : rule.name() + " (" + rule.times() + " times)");
        }
        steps.addAll(cut.steps());
        if (!anyBatch) {
            steps.add("for one picture at a time, since those of a batch meet in it");
        }
        return new Adoption(file, foreign, input, classes, cut, model, contract, steps);
    }

    /** Holds the whole file against the limits of a device: ONNX Runtime runs what leads to no output, too. */
    private static void requireBounded(OnnxModel file, PictureInput pictures, PreprocessContract contract) {
        List<Dimension> shape = new ArrayList<>(List.of(new Dimension.Free("N")));
        inputShape(pictures, contract).stream()
                .skip(1)
                .map(Dimension.Fixed::new)
                .forEach(shape::add);
        Graph graph = file.graph();
        List<ValueInfo> inputs = graph.inputs().stream()
                .map(input ->
                        input.name().equals(pictures.name()) ? new ValueInfo(input.name(), input.type(), shape) : input)
                .toList();
        Graph sized = new Graph(graph.name(), inputs, graph.outputs(), graph.nodes(), graph.initializers());
        OnnxFile.parse(ByteBuffer.wrap(OnnxWriter.write(file.withGraph(sized))), OnnxLimits.defaults());
    }

    private static List<Long> inputShape(PictureInput input, PreprocessContract contract) {
        long channels = contract.channels();
        long height = contract.height();
        long width = contract.width();
        return input.layout() == Layout.NCHW
                ? List.of(NormalizeOptions.AS_IN_FILE, channels, height, width)
                : List.of(NormalizeOptions.AS_IN_FILE, height, width, channels);
    }

    /** Whether the file computes in half floats somewhere. */
    boolean hasHalfFloats() {
        Graph graph = foreign.model().graph();
        return input.type() == ElementType.FLOAT16
                || graph.initializers().values().stream().anyMatch(tensor -> tensor.type() == ElementType.FLOAT16);
    }

    /** How many operators the file has. */
    public int nodesBefore() {
        return foreign.model().graph().nodes().size();
    }

    /** How many operators the model has. */
    public int nodesAfter() {
        return model.graph().nodes().size();
    }
}
