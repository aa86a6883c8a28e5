package dev.glint.onnx.quantize;

import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.quantize.Decisions.CorrectionTrial;
import dev.glint.onnx.quantize.calibrate.Calibrator;
import dev.glint.onnx.quantize.calibrate.Measurement;
import dev.glint.onnx.quantize.calibrate.StatisticsCache;
import dev.glint.onnx.quantize.check.Fidelity;
import dev.glint.onnx.quantize.check.FusionCheck;
import dev.glint.onnx.quantize.check.FusionCheck.Unfused;
import dev.glint.onnx.quantize.check.HalfOverflow;
import dev.glint.onnx.quantize.check.HeldOutPictures;
import dev.glint.onnx.quantize.correct.Correction;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.Profile.Form;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Static quantisation, step by step: the float graph is normalised; a plan says what becomes integers; what ONNX Runtime
 * does not fuse of it goes back to float until the plan stands; the values that it encodes are measured on calibration
 * pictures; the calibrator is chosen, and then each correction kept, by signal to noise on held-out pictures, what comes
 * first of what they do not tell apart; the result is written, and looked at once more.
 *
 * <p>A quantiser can be asked for several results of one model: what was measured is kept. Not safe for use by several
 * threads.
 *
 * <p>x86 processors without VNNI (before 2019) add two products of an unsigned and a signed byte in 16 bits, where
 * neighbouring large weights of one sign under large activations saturate: 2 x 255 x 127 is above 32,767. Whether a
 * model suffers shows in its accuracy on such a machine; weights of 7 bits, which would avoid it at the cost of error
 * everywhere else, are not written. ARM processors and x86 with VNNI add in 32 bits.
 */
public final class Quantizer {
    /** What the float model of a correction that changes activations must reach against the one that was given. */
    private static final double SAME_FUNCTION_DECIBELS = 40;

    private final OnnxModel floats;
    private final GraphIndex index;
    private final Measurement measurement;
    private final StatisticsCache statistics;
    private final Optional<HeldOutPictures> heldOut;
    private final UnaryOperator<OnnxModel> optimizer;

    /**
     * A quantiser of a model.
     *
     * @param floats the float model, with one input and one output
     * @param measurement shows calibration pictures to it, mostly once
     * @param heldOut judges choices; without them nothing is chosen and no correction is made
     */
    public Quantizer(OnnxModel floats, Measurement measurement, Optional<HeldOutPictures> heldOut) {
        this(floats, measurement, heldOut, OnnxSession::optimized);
    }

    /**
     * A quantiser for another runtime.
     *
     * @param optimizer says what that runtime makes of a model
     */
    Quantizer(
            OnnxModel floats,
            Measurement measurement,
            Optional<HeldOutPictures> heldOut,
            UnaryOperator<OnnxModel> optimizer) {
        this.floats = floats.withGraph(GraphPass.applyAll(GraphPass.beforeQuantizing(), floats.graph()));
        this.index = new GraphIndex(this.floats.graph());
        this.measurement = measurement;
        this.statistics = new StatisticsCache(this.floats, measurement);
        this.heldOut = heldOut;
        this.optimizer = optimizer;
    }

    /**
     * A quantised model.
     *
     * @param draft what it was written from
     * @param model with {@code QuantizeLinear} and {@code DequantizeLinear} pairs; the float model where nothing could
     *     become integer
     * @param optimized what ONNX Runtime makes of it on this machine; of one with signed activations, what it makes of it on
     *     ARM, which fuses those
     * @param decisions what was chosen
     */
    public record Result(QuantizationDraft draft, OnnxModel model, OnnxModel optimized, Decisions decisions) {
        /** What of the model is computed in integers. */
        public QuantizationPlan plan() {
            return draft.plan();
        }
    }

    /**
     * Where a result of this quantiser errs, node by node. Takes a run over the held-out pictures for each layer.
     *
     * @param result with statically quantised activations
     */
    public List<LayerReport> explain(Result result) {
        return analysis(result).reports();
    }

    /**
     * The layers of a result that are computed in integers, the one that costs the logits most first; without held-out
     * pictures the one whose weights lose most.
     */
    public List<String> costliest(Result result) {
        return analysis(result).ranking();
    }

    /** The float model as it is quantised, normalised: its nodes are those that options and plans name. */
    public OnnxModel floats() {
        return floats;
    }

    private LayerAnalysis analysis(Result result) {
        return new LayerAnalysis(result.draft(), floats, measurement, heldOut);
    }

    /** Quantises the model. What ONNX Runtime does not fuse to integer operators is in float. */
    public Result quantize(QuantizerOptions options) {
        Map<String, FloatReason> floatNodes = new LinkedHashMap<>(options.floatNodes());
        while (true) {
            QuantizationDraft planned = settled(options, floatNodes);
            Result result = decided(options, planned);
            Set<String> unfused = options.profile().wantsFusion()
                    ? unfused(result.plan(), result.model(), result.optimized())
                    : Set.of();
            if (unfused.isEmpty()) {
                return result;
            }
            unfused.forEach(node -> floatNodes.put(node, FloatReason.UNFUSED));
        }
    }

    /** A draft with the first calibrator's ranges of which everything fuses; what does not is added to the nodes in float. */
    private QuantizationDraft settled(QuantizerOptions options, Map<String, FloatReason> floatNodes) {
        while (true) {
            QuantizationPlan plan = QuantizationPlan.derive(index, options.profile(), options.schemes(), floatNodes);
            QuantizationDraft draft = draft(plan, options, options.calibrators().get(0));
            Set<String> overflowing = plan.profile().form() == Form.HALVES
                    ? HalfOverflow.nodes(index.graph(), plan, draft.ranges())
                    : Set.of();
            overflowing.forEach(node -> floatNodes.put(node, FloatReason.OVERFLOW));
            OnnxModel model = draft.write();
            Set<String> unfused =
                    plan.profile().wantsFusion() ? unfused(plan, model, optimized(options.profile(), model)) : Set.of();
            unfused.forEach(node -> floatNodes.put(node, FloatReason.UNFUSED));
            if (unfused.isEmpty() && overflowing.isEmpty()) {
                return draft;
            }
        }
    }

    /** What the runtime makes of a model that is for this machine, or for one with signed activations. */
    private OnnxModel optimized(Profile profile, OnnxModel model) {
        return profile.isForArm() ? OnnxSession.optimizedForSignedActivations(model) : optimizer.apply(model);
    }

    /** What no node answers for costs time but is as right as the rest. */
    private static Set<String> unfused(QuantizationPlan plan, OnnxModel model, OnnxModel optimized) {
        Set<String> toFloat = new LinkedHashSet<>();
        for (Unfused found : FusionCheck.unfused(model, optimized, plan.integerNodes())) {
            found.nodes().forEach(node -> toFloat.add(plan.vanishing().getOrDefault(node, node)));
        }
        return toFloat;
    }

    private QuantizationDraft draft(QuantizationPlan plan, QuantizerOptions options, Calibrator calibrator) {
        return new QuantizationDraft(floats, plan, ranges(statistics, plan, options, calibrator), Map.of());
    }

    private static Map<String, Range> ranges(
            StatisticsCache statistics, QuantizationPlan plan, QuantizerOptions options, Calibrator calibrator) {
        Set<String> measured = new LinkedHashSet<>(plan.calibrated());
        measured.removeAll(options.givenRanges().keySet());
        Map<String, Range> ranges = new LinkedHashMap<>(options.givenRanges());
        ranges.keySet().retainAll(plan.calibrated());
        statistics
                .statistics(measured)
                .forEach((value, seen) -> ranges.put(value, calibrator.range(seen, plan.schemeDecidedBy(value))));
        return ranges;
    }

    private Result decided(QuantizerOptions options, QuantizationDraft planned) {
        boolean judged = heldOut.isPresent() && !planned.plan().integerNodes().isEmpty();
        Calibrator calibrator = options.calibrators().get(0);
        QuantizationDraft draft = planned;
        OptionalDouble decibels = OptionalDouble.empty();
        Map<String, Double> calibratorDecibels = new LinkedHashMap<>();
        List<CorrectionTrial> trials = new ArrayList<>();
        if (judged) {
            Choice choice = calibrated(options, planned, calibratorDecibels);
            calibrator = choice.calibrator();
            choice = corrected(options, choice, trials);
            draft = choice.draft();
            decibels = OptionalDouble.of(choice.fidelity().decibels());
        }
        OnnxModel model = draft.write();
        return new Result(
                draft,
                model,
                optimized(options.profile(), model),
                new Decisions(calibrator.name(), calibratorDecibels, trials, decibels));
    }

    private record Choice(Calibrator calibrator, QuantizationDraft draft, Fidelity fidelity) {}

    private Choice calibrated(QuantizerOptions options, QuantizationDraft planned, Map<String, Double> decibels) {
        List<Calibrator> calibrators = options.calibrators();
        Choice best = judged(calibrators.get(0), planned);
        decibels.put(best.calibrator().name(), best.fidelity().decibels());
        for (Calibrator calibrator : calibrators.subList(1, calibrators.size())) {
            Choice rival = judged(calibrator, draft(planned.plan(), options, calibrator));
            decibels.put(calibrator.name(), rival.fidelity().decibels());
            best = rival.fidelity().isClearlyAbove(best.fidelity()) ? rival : best;
        }
        return best;
    }

    private Choice corrected(QuantizerOptions options, Choice calibrated, List<CorrectionTrial> trials) {
        Choice best = calibrated;
        for (Correction correction : options.corrections()) {
            Choice corrected =
                    judged(best.calibrator(), corrected(best.draft(), correction, options, best.calibrator()));
            boolean kept = corrected.fidelity().isClearlyAbove(best.fidelity());
            trials.add(new CorrectionTrial(
                    correction.name(),
                    best.fidelity().decibels(),
                    corrected.fidelity().decibels(),
                    kept));
            best = kept ? corrected : best;
        }
        return best;
    }

    private Choice judged(Calibrator calibrator, QuantizationDraft draft) {
        return new Choice(calibrator, draft, heldOut.orElseThrow().fidelity(draft.write()));
    }

    /** A correction that is to leave the function of the float model as it is, and does not, changes nothing. */
    private QuantizationDraft corrected(
            QuantizationDraft draft, Correction correction, QuantizerOptions options, Calibrator calibrator) {
        QuantizationDraft corrected = correction.correct(draft, measurement);
        boolean same = !correction.changesActivations()
                || heldOut.orElseThrow().signalToNoise(corrected.floats()) >= SAME_FUNCTION_DECIBELS;
        if (!same) {
            return draft;
        }
        return correction.changesActivations()
                ? corrected.withRanges(
                        ranges(new StatisticsCache(corrected.floats(), measurement), draft.plan(), options, calibrator))
                : corrected;
    }
}
