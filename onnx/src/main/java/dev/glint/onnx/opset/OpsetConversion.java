package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which rules make of a graph of some operator set one of set {@value OnnxModel#OPSET}. */
public final class OpsetConversion {
    /**
     * The operators that mean the same in all sets from 7 to 21 in which they are, or whose changes the rules know. Types
     * were added to nearly all of them on the way; that changes nothing for those that had them.
     */
    private static final Set<String> KNOWN = union(
            "Abs Add And ArgMax ArgMin Ceil Clip Cos Div Equal Erf Exp Floor Greater GreaterOrEqual Less LessOrEqual Log",
            "Max Mean Min Mod Mul Neg Not Or Pow Reciprocal Round Sign Sin Sqrt Sub Sum Where Xor",
            "Celu Elu Gelu HardSigmoid HardSwish Hardmax LeakyRelu LogSoftmax Mish PRelu Relu Selu Sigmoid Softmax",
            "Softplus Softsign Tanh ThresholdedRelu",
            "AveragePool BatchNormalization Conv ConvTranspose Dropout Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool",
            "ImageScaler InstanceNormalization LRN LayerNormalization LpNormalization LpPool MatMul MaxPool",
            "MeanVarianceNormalization",
            "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum",
            "ReduceSumSquare",
            "Cast Concat Constant ConstantOfShape DepthToSpace Expand Flatten Gather Identity Pad Reshape Resize Shape Size",
            "Slice SpaceToDepth Split Squeeze Tile TopK Transpose Unsqueeze Upsample");

    private static Set<String> union(String... lines) {
        Set<String> operators = new HashSet<>();
        for (String line : lines) {
            operators.addAll(List.of(line.split(" ")));
        }
        return operators;
    }

    private OpsetConversion() {}

    /**
     * Refuses operators that no rule and no later step here knows.
     *
     * @throws GlintException ({@code MODEL}), naming them
     */
    public static void requireKnown(Graph graph, long from) {
        Set<String> unknown = new TreeSet<>();
        for (Node node : graph.nodes()) {
            if (!node.domain().isEmpty() || !KNOWN.contains(node.op())) {
                unknown.add(node.op());
            }
        }
        if (!unknown.isEmpty()) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "the operators " + String.join(", ", unknown) + " of set " + from,
                    "operators of networks that classify pictures",
                    "export the model without them");
        }
    }

    /** The rules for a graph of an operator set, in the order in which they are to be applied. */
    public static List<RewriteRule> rules(long from) {
        List<RewriteRule> rules = new ArrayList<>();
        rules.add(new InferenceOnly());
        rules.add(new ScaleImage());
        rules.add(new LegacyBroadcast());
        if (from < 13) {
            rules.addAll(settingsThatBecameInputs(from));
            rules.add(new FlattenedSoftmax());
        }
        if (from < 11) {
            rules.add(new OlderResize());
        }
        if (from >= 18) {
            rules.add(new AxesToAttribute());
            rules.add(new PadAllAxes());
            rules.add(new EqualParts());
            rules.add(new NewerSettings());
            rules.add(new NewerActivations());
        }
        if (from >= 19) {
            rules.add(new CeilOfCounted());
        }
        rules.add(new PairwiseSum());
        return rules;
    }

    private static List<RewriteRule> settingsThatBecameInputs(long from) {
        List<SettingsToInputs> all = List.of(
                new SettingsToInputs("Slice", 10, "starts", "ends", "axes"),
                new SettingsToInputs("TopK", 10, "k"),
                new SettingsToInputs("Clip", 11, "min", "max"),
                new SettingsToInputs("Pad", 11, "pads", "value"),
                new SettingsToInputs("Squeeze", 13, "axes"),
                new SettingsToInputs("Unsqueeze", 13, "axes"),
                new SettingsToInputs("ReduceSum", 13, "axes"),
                new SettingsToInputs("Split", 13, "split"));
        List<RewriteRule> rules = new ArrayList<>();
        all.stream().filter(rule -> from < rule.since()).forEach(rules::add);
        return rules;
    }
}
