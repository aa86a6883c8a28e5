package dev.glint.trainer.qat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.quantize.Quantizer;
import dev.glint.onnx.quantize.QuantizerOptions;
import dev.glint.onnx.quantize.calibrate.CalibrationRun;
import dev.glint.onnx.quantize.calibrate.Calibrator;
import dev.glint.onnx.quantize.calibrate.TensorSource;
import dev.glint.onnx.quantize.check.HeldOutLogits;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A network with the roundings of its quantised form in it, to be fitted further: exactly the graph that the exporter
 * quantises, planned as it plans, with batch norm folded; the weights of its layers and the scales of its activations
 * are the parameters. (Jacob et al., "Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference", 2018; Esser et al., "Learned Step Size Quantization", 2020.)
 */
public final class QatNetwork {
    /** How the names of the scales of activations begin among the parameters of {@link #block}. */
    public static final String SCALES = ActivationScales.PREFIX;

    private final Block block;
    private final QuantizationPlan plan;
    private final ActivationScales scales;
    private final FoldedWeights folding;
    private final Map<String, float[]> original;

    private QatNetwork(
            Block block,
            QuantizationPlan plan,
            ActivationScales scales,
            FoldedWeights folding,
            Map<String, float[]> original) {
        this.block = block;
        this.plan = plan;
        this.scales = scales;
        this.folding = folding;
        this.original = original;
    }

    /**
     * The pictures that the ranges of activations begin with.
     *
     * @param pictures what ranges are measured with
     * @param heldOut others, which say how ranges are best made of what was measured; none for the simplest way
     */
    public record Calibration(TensorSource pictures, TensorSource heldOut) {}

    /**
     * Prepares a network whose ranges come from pictures.
     *
     * @param floats the block with the weights of a float run
     * @param manager owns the weights of the new block
     * @param contract what pictures go through before
     * @throws GlintException ({@code MODEL}) if nothing of the network becomes integer, or it has an operator that cannot
     *     be trained like this
     */
    public static QatNetwork calibrated(
            Block floats, NDManager manager, PreprocessContract contract, Calibration calibration) {
        TracedNetwork network = TracedNetwork.trace(floats, manager, contract);
        Quantizer quantizer = new Quantizer(
                network.model(),
                new CalibrationRun(calibration.pictures(), done -> {}),
                calibration.heldOut().size() == 0
                        ? Optional.empty()
                        : Optional.of(new HeldOutLogits(network.model(), calibration.heldOut())));
        return prepared(
                floats, manager, network, quantizer.quantize(options().withCalibrators(Calibrator.candidates())));
    }

    /**
     * Prepares a network whose ranges are known.
     *
     * @param ranges those of {@link #ranges}
     */
    public static QatNetwork restored(
            Block floats, NDManager manager, PreprocessContract contract, Map<String, Range> ranges) {
        TracedNetwork network = TracedNetwork.trace(floats, manager, contract);
        Quantizer quantizer = new Quantizer(network.model(), new NoMeasurement(), Optional.empty());
        return prepared(floats, manager, network, quantizer.quantize(options().withGivenRanges(ranges)));
    }

    private static QuantizerOptions options() {
        return QuantizerOptions.minmax(Profile.int8(Head.FLOAT));
    }

    private static QatNetwork prepared(
            Block floats, NDManager manager, TracedNetwork network, Quantizer.Result quantized) {
        if (quantized.plan().integerNodes().isEmpty()) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "a network without convolutions that become integer",
                    "a convolutional network",
                    "quantise it as it is, or not at all");
        }
        Graph folded = quantized.draft().floats().graph();
        Graph integers = quantized.model().graph();
        ActivationScales scales = ActivationScales.read(quantized.draft(), integers, manager);
        Map<String, float[]> original = new LinkedHashMap<>();
        StateDict.parameters(floats)
                .forEach((name, parameter) -> original.put(name, BlockWeights.values(parameter.getArray())));
        return new QatNetwork(
                GraphCompiler.compile(integers, folded, scales, manager),
                quantized.plan(),
                scales,
                FoldedWeights.compare(network.traced(), folded),
                original);
    }

    /** What is fitted: (N, C, H, W) pictures in, (N, classes) logits out; rounds in training and in inference. */
    public Block block() {
        return block;
    }

    /** What of the network is computed in integers. */
    public QuantizationPlan plan() {
        return plan;
    }

    /**
     * The weights of the float network that quantises to what was fitted, under its own names.
     *
     * @param weights those of {@link #block}, by the names of their parameters
     */
    public Map<String, float[]> stateDict(Map<String, NDArray> weights) {
        return folding.unfold(original, name -> BlockWeights.values(Objects.requireNonNull(weights.get(name))));
    }

    /**
     * The ranges of activations that go with these weights, by the names of values in the exported graph.
     *
     * @param weights those of {@link #block}, by the names of their parameters
     */
    public Map<String, Range> ranges(Map<String, NDArray> weights) {
        return scales.ranges(weights);
    }

    /** The weights among these that are the scales of activations, by their names, which begin with {@link #SCALES}. */
    public Map<String, NDArray> scales(Map<String, NDArray> weights) {
        Map<String, NDArray> only = new LinkedHashMap<>(weights);
        only.keySet().retainAll(scales.parameters().keySet());
        return only;
    }

    /**
     * Gives scales the values that they had, to the bit.
     *
     * @param values of all of {@link #scales}
     * @throws IllegalArgumentException if they are others
     */
    public void restoreScales(Map<String, float[]> values) {
        if (!values.keySet().equals(scales.parameters().keySet())) {
            throw new IllegalArgumentException("the scales " + values.keySet());
        }
        scales.parameters()
                .forEach((name, parameter) ->
                        BlockWeights.set(parameter.getArray(), Objects.requireNonNull(values.get(name))));
    }
}
