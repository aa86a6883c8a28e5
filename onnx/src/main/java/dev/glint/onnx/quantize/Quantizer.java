package dev.glint.onnx.quantize;

import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.quantize.check.FusionCheck;
import dev.glint.onnx.quantize.check.FusionCheck.Unfused;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Static quantisation: unsigned 8-bit asymmetric activations, signed 8-bit symmetric weights per output channel.
 *
 * <p>x86 processors without VNNI (before 2019) add two products of an unsigned and a signed byte in 16 bits, where
 * neighbouring large weights of one sign under large activations saturate: 2 x 255 x 127 is above 32,767. Whether a
 * model suffers shows in its accuracy on such a machine; weights of 7 bits, which would avoid it at the cost of error
 * everywhere else, are not written. ARM processors and x86 with VNNI add in 32 bits.
 */
public final class Quantizer {
    private final OnnxModel floats;
    private final GraphIndex index;
    private final Profile profile;
    private final Function<Set<String>, Map<String, Range>> calibration;
    private final UnaryOperator<OnnxModel> optimizer;
    private final Map<String, Range> ranges = new HashMap<>();

    private Quantizer(
            OnnxModel floats,
            Profile profile,
            Function<Set<String>, Map<String, Range>> calibration,
            UnaryOperator<OnnxModel> optimizer) {
        this.floats = floats;
        this.index = new GraphIndex(floats.graph());
        this.profile = profile;
        this.calibration = calibration;
        this.optimizer = optimizer;
    }

    /**
     * A quantised model.
     *
     * @param model with {@code QuantizeLinear} and {@code DequantizeLinear} pairs; the float model where nothing could
     *     become integer
     * @param plan what of it is computed in integers
     * @param optimized what ONNX Runtime makes of it on this machine
     */
    public record Result(OnnxModel model, QuantizationPlan plan, OnnxModel optimized) {}

    /**
     * Quantises a float model. What ONNX Runtime does not fuse to integer operators goes back to float, until everything
     * that is planned in integers is.
     *
     * @param calibration gives the ranges of the values that it is asked for; mostly asked once, and again for those that
     *     are needed in place of what did not fuse
     */
    public static Result quantize(
            OnnxModel floats, Profile profile, Function<Set<String>, Map<String, Range>> calibration) {
        return quantize(floats, profile, calibration, OnnxSession::optimized);
    }

    /**
     * Quantises a float model for another runtime.
     *
     * @param optimizer says what that runtime makes of a model
     */
    static Result quantize(
            OnnxModel floats,
            Profile profile,
            Function<Set<String>, Map<String, Range>> calibration,
            UnaryOperator<OnnxModel> optimizer) {
        return new Quantizer(floats, profile, calibration, optimizer).quantize();
    }

    private Result quantize() {
        Map<String, FloatReason> kept = new LinkedHashMap<>();
        while (true) {
            QuantizationPlan plan = QuantizationPlan.derive(index, profile, kept);
            OnnxModel model = draft(plan).write();
            OnnxModel optimized = optimizer.apply(model);
            Set<String> toFloat = new LinkedHashSet<>();
            for (Unfused found : FusionCheck.unfused(model, optimized, plan.integerNodes())) {
                found.nodes().forEach(node -> toFloat.add(plan.vanishing().getOrDefault(node, node)));
            }
            // What no node answers for costs time but is as right as the rest.
            if (toFloat.isEmpty()) {
                return new Result(model, plan, optimized);
            }
            toFloat.forEach(node -> kept.put(node, FloatReason.UNFUSED));
        }
    }

    private QuantizationDraft draft(QuantizationPlan plan) {
        Set<String> unknown = new LinkedHashSet<>(plan.calibrated());
        unknown.removeAll(ranges.keySet());
        if (!unknown.isEmpty()) {
            ranges.putAll(calibration.apply(unknown));
        }
        Map<String, Range> needed = new LinkedHashMap<>(ranges);
        needed.keySet().retainAll(plan.calibrated());
        return new QuantizationDraft(floats, plan, needed, Map.of());
    }
}
