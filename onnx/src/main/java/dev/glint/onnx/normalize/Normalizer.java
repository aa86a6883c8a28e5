package dev.glint.onnx.normalize;

import dev.glint.onnx.foreign.ForeignModel;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.opset.OpsetConversion;
import dev.glint.onnx.pass.FoldBatchNorm;
import dev.glint.onnx.pass.FuseClip;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.pass.RemoveDeadCode;
import dev.glint.onnx.pass.RemoveIdentity;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.pass.RulePass;
import dev.glint.onnx.shape.LazyShapes;
import dev.glint.runtime.failure.GlintException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes of a foreign model one that Glint's quantiser and engines know. The same file gives the same model, byte for byte. Nothing
 * is run on the way; whoever normalises compares the result with the file.
 */
@SuppressWarnings("ReferenceEquality") // A rule that changes nothing gives the same graph.
public final class Normalizer {
    /** A rule makes work for others now and then; more rounds than this are a rule undoing another. */
    private static final int MAX_ROUNDS = 30;
    /** A Reshape that says the batch hides the shapes behind it from others that do, so that there are more rounds of these. */
    private static final int MAX_RESHAPES = 1000;

    private static final int MAX_NODE_VISITS = 10_000_000;

    private final Map<String, Integer> applied = new LinkedHashMap<>();
    private GraphIndex index;
    private LazyShapes shapes;

    private Normalizer(Graph graph) {
        this.index = new GraphIndex(graph);
        this.shapes = new LazyShapes(graph);
    }

    private Graph graph() {
        return index.graph();
    }

    private void become(Graph graph) {
        if (graph != index.graph()) {
            index = new GraphIndex(graph);
            shapes = new LazyShapes(graph);
        }
    }

    /**
     * Normalises a model.
     *
     * @throws GlintException ({@code MODEL}) if it has something that cannot be normalised, with what that is; ({@code USAGE})
     *     if an option is missing or does not fit; ({@code LIMIT}) if it asks for too much memory
     */
    public static Normalized normalize(ForeignModel foreign, NormalizeOptions options) {
        Graph chosen = GraphEnds.withOneOutput(foreign.model().graph(), options);
        Normalizer normalizer = new Normalizer(chosen);
        normalizer.apply("remove-dead-code", new RemoveDeadCode());
        long batch = GraphEnds.batch(normalizer.graph());
        normalizer.apply("half-to-float", new HalfToFloat());
        normalizer.become(GraphEnds.withInputShape(normalizer.graph(), options));
        boolean turned = normalizer.turnInput();
        normalizer.repeat(constantRules(), MAX_ROUNDS);
        OpsetConversion.requireKnown(normalizer.graph(), foreign.opset());
        OpsetConversion.rules(foreign.opset()).forEach(normalizer::apply);
        normalizer.repeat(List.of(new BatchInReshape(batch)), MAX_RESHAPES);
        normalizer.repeat(rules(), MAX_ROUNDS);
        normalizer.apply(new StandaloneAffine());
        normalizer.repeat(rules(), MAX_ROUNDS);
        normalizer.become(GraphEnds.withRowsAsOutput(normalizer.graph()));
        normalizer.repeat(rules(), MAX_ROUNDS);
        normalizer.become(GraphEnds.withStatedOutput(normalizer.graph()));
        return new Normalized(OnnxModel.fromGraph(normalizer.graph(), Map.of()), normalizer.report(), turned);
    }

    private static List<RewriteRule> constantRules() {
        return List.of(new ConstantsToInitializers(), new FoldConstants());
    }

    private static List<RewriteRule> rules() {
        return List.of(
                new ConstantsToInitializers(),
                new FoldConstants(),
                new FoldShapes(),
                new ConstantReshape(),
                new RemoveNoOps(),
                new RemoveIdentity(),
                new ScalarShape(),
                new ExplicitPads(),
                new PadIntoWindow(),
                new FuseClip(),
                new SimplerActivation(),
                new ClipOfRelu(),
                new SpellHardSigmoid(),
                new SpellHardSwish(),
                new GlobalAverage(),
                new ReshapeOnce(),
                new LinearForm(),
                new ReshapeAsTranspose(),
                new CombineTransposes(),
                new TransposeUpwards(),
                new TransposeIntoLinear(),
                new FoldBatchNorm(),
                new FoldAffineIntoLayerBefore(),
                new FoldAffineIntoLayerBehind(),
                new FlattenBeforeActivation());
    }

    private void repeat(List<RewriteRule> rules, int times) {
        int affordable =
                Math.max(1, MAX_NODE_VISITS / Math.max(1, graph().nodes().size()));
        for (int round = 0; round < Math.min(times, affordable); round++) {
            Graph before = graph();
            rules.forEach(this::apply);
            apply("remove-dead-code", new RemoveDeadCode());
            if (graph() == before) {
                return;
            }
        }
    }

    private void apply(RewriteRule rule) {
        RulePass.Rewritten rewritten = new RulePass(rule).rewrite(index, shapes);
        count(rule.name(), rewritten.times());
        become(rewritten.graph());
    }

    private void apply(String name, GraphPass pass) {
        Graph after = pass.apply(index);
        count(name, after == graph() ? 0 : 1);
        become(after);
    }

    private void count(String rule, int times) {
        if (times > 0) {
            applied.merge(rule, times, Integer::sum);
        }
    }

    private boolean turnInput() {
        Graph after = GraphEnds.withChannelsFirst(graph());
        boolean turned = after != graph();
        count("input-channels-first", turned ? 1 : 0);
        become(after);
        return turned;
    }

    private List<AppliedRule> report() {
        return applied.entrySet().stream()
                .map(entry -> new AppliedRule(entry.getKey(), entry.getValue()))
                .toList();
    }
}
