package dev.glint.onnx.quantize;

import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.quantize.calibrate.Measurement;
import dev.glint.onnx.quantize.check.HeldOutPictures;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.plan.SchemeChanges;
import dev.glint.onnx.quantize.scheme.ActivationEncoding;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a quantised model errs, layer by layer.
 *
 * @param draft the model as it is written
 * @param floats the float model before any correction
 */
record LayerAnalysis(
        QuantizationDraft draft, OnnxModel floats, Measurement measurement, Optional<HeldOutPictures> heldOut) {

    /** All nodes but those that vanish in another one, in the graph's order. */
    List<LayerReport> reports() {
        QuantizationPlan plan = draft.plan();
        GraphIndex index = new GraphIndex(draft.floats().graph());
        Map<String, Double> weights = weightDecibels(index);
        Map<String, Double> activations = activationDecibels();
        Map<String, Double> alone = heldOut.map(this::aloneDecibels).orElseGet(Map::of);
        List<LayerReport> reports = new ArrayList<>();
        for (Node node : index.graph().nodes()) {
            String name = node.name();
            if (!plan.vanishing().containsValue(name) && node.outputs().size() == 1) {
                String made = Optional.ofNullable(plan.vanishing().get(name))
                        .flatMap(vanished -> index.graph().nodes().stream()
                                .filter(other -> other.name().equals(vanished))
                                .findFirst())
                        .orElse(node)
                        .output();
                reports.add(new LayerReport(
                        name,
                        node.op(),
                        optional(weights.get(name)),
                        optional(activations.get(made)),
                        optional(alone.get(name)),
                        Optional.ofNullable(plan.floatNodes().get(name))));
            }
        }
        return reports;
    }

    private static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** The layers with integer weights, the one whose quantisation costs most first. */
    List<String> ranking() {
        Map<String, Double> decibels = heldOut.map(this::aloneDecibels)
                .orElseGet(() -> weightDecibels(new GraphIndex(draft.floats().graph())));
        return decibels.keySet().stream()
                .sorted(Comparator.comparingDouble(decibels::get))
                .toList();
    }

    private Map<String, Double> weightDecibels(GraphIndex index) {
        Map<String, Double> decibels = new LinkedHashMap<>();
        for (Node node : index.graph().nodes()) {
            if (draft.plan().weights().containsKey(node.name())) {
                Layer layer = Layer.read(node, index::constant).orElseThrow();
                float[] exact = layer.weight().toFloats();
                float[] rounded = draft.roundedWeights(layer);
                Noise noise = new Noise();
                for (int i = 0; i < exact.length; i++) {
                    noise.add(exact[i], rounded[i]);
                }
                decibels.put(node.name(), noise.decibels());
            }
        }
        return decibels;
    }

    private Map<String, Double> activationDecibels() {
        Map<String, ActivationEncoding> encodings = draft.encodings();
        Map<String, Noise> noises = new ConcurrentHashMap<>();
        measurement.observe(draft.floats(), encodings.keySet(), (value, elements, shape) -> {
            ActivationEncoding encoding = Objects.requireNonNull(encodings.get(value));
            noises.computeIfAbsent(value, key -> new Noise()).add(elements, encoding);
        });
        Map<String, Double> decibels = new HashMap<>();
        noises.forEach((value, noise) -> decibels.put(value, noise.decibels()));
        return decibels;
    }

    private Map<String, Double> aloneDecibels(HeldOutPictures pictures) {
        GraphIndex index = new GraphIndex(floats.graph());
        Map<String, QuantizationPlan> plans = new LinkedHashMap<>();
        Set<String> unknown = new LinkedHashSet<>();
        for (String layer : draft.plan().weights().keySet()) {
            QuantizationPlan plan = onlyThe(layer, index, draft.plan().profile());
            plans.put(layer, plan);
            unknown.addAll(plan.calibrated());
        }
        Map<String, Range> ranges = new HashMap<>();
        measurement.statistics(floats, unknown).forEach((value, seen) -> ranges.put(value, seen.extremes()));
        Map<String, Double> decibels = new LinkedHashMap<>();
        plans.forEach((layer, plan) -> {
            Map<String, Range> needed = new LinkedHashMap<>();
            plan.calibrated().forEach(value -> needed.put(value, ranges.get(value)));
            QuantizationDraft alone = new QuantizationDraft(floats, plan, needed, Map.of());
            decibels.put(layer, pictures.signalToNoise(alone.write()));
        });
        return decibels;
    }

    private QuantizationPlan onlyThe(String layer, GraphIndex index, Profile profile) {
        Map<String, FloatReason> others = new LinkedHashMap<>();
        for (Node node : index.graph().nodes()) {
            String vanishing = draft.plan().vanishing().getOrDefault(layer, layer);
            if (!node.name().equals(layer) && !node.name().equals(vanishing)) {
                others.put(node.name(), FloatReason.EXCLUDED);
            }
        }
        return QuantizationPlan.derive(index, profile, SchemeChanges.following(draft.plan()), others);
    }

    /** Sums of squares of a signal and of what rounding does to it. */
    private static final class Noise {
        private double signal;
        private double noise;

        void add(float exact, float rounded) {
            signal += (double) exact * exact;
            double error = (double) exact - rounded;
            noise += error * error;
        }

        void add(FloatBuffer elements, ActivationEncoding encoding) {
            while (elements.hasRemaining()) {
                float element = elements.get();
                add(element, encoding.dequantize(encoding.quantize(element)));
            }
        }

        double decibels() {
            return 10 * Math.log10(signal / noise);
        }
    }
}
