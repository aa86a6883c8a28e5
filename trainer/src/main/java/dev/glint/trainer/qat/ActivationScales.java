package dev.glint.trainer.qat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.quantize.plan.ClipBounds;
import dev.glint.onnx.quantize.scheme.ActivationEncoding;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import dev.glint.trainer.weights.block.BlockWeights;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The encodings of the activations of a quantised graph. Values whose encodings are one by the plan share it; its scale
 * is a parameter, by its natural logarithm, so that a step changes it by a share of itself. Zero points stay.
 */
final class ActivationScales {
    static final String PREFIX = "log_scale.";
    private static final int LEVELS = 255;

    /**
     * An encoding in a block.
     *
     * @param logScale the name of the parameter
     * @param zeroPoint the name of the constant
     * @param scale at the beginning
     */
    record Encoded(String logScale, String zeroPoint, float scale) {}

    /** By the value whose range decides them. */
    private final Map<String, ActivationEncoding> encodings = new LinkedHashMap<>();

    private final Map<String, String> deciding = new HashMap<>();
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, NDArray> constants = new HashMap<>();

    private ActivationScales() {}

    /**
     * Reads a quantised graph.
     *
     * @param draft what it was written from
     * @param quantized what was written
     * @param manager owns the arrays
     */
    static ActivationScales read(QuantizationDraft draft, Graph quantized, NDManager manager) {
        ActivationScales scales = new ActivationScales();
        GraphIndex index = new GraphIndex(quantized);
        GraphIndex floats = new GraphIndex(draft.floats().graph());
        Map<String, ActivationEncoding> encodings = draft.encodings();
        for (Node node : quantized.nodes()) {
            if (node.isOperator("QuantizeLinear")) {
                String value = encodedValue(node, index, encodings.keySet());
                String source = Objects.requireNonNull(draft.plan().values().get(value));
                scales.deciding.put(node.name(), source);
                if (scales.encodings.putIfAbsent(source, encodings.get(value)) == null) {
                    scales.add(
                            source, Objects.requireNonNull(encodings.get(value)), isBounded(source, floats), manager);
                }
            }
        }
        return scales;
    }

    /** A value that leaves the graph has its name behind the quantisation, every other one before it. */
    private static String encodedValue(Node quantization, GraphIndex index, Set<String> values) {
        String made = quantization.input(0);
        return values.contains(made)
                ? made
                : index.consumers(quantization.output()).stream()
                        .map(Node::output)
                        .filter(values::contains)
                        .findFirst()
                        .orElseThrow();
    }

    /** What a clip bounds has a range that is known, and in which the clip must vanish. */
    private static boolean isBounded(String value, GraphIndex floats) {
        return floats.producer(value)
                .flatMap(producer -> ClipBounds.read(producer, floats))
                .filter(ClipBounds::holdZero)
                .isPresent();
    }

    private void add(String value, ActivationEncoding encoding, boolean bounded, NDManager manager) {
        Parameter parameter = Parameter.builder()
                .setName(PREFIX + value)
                .setType(Parameter.Type.OTHER)
                .optShape(new Shape(1))
                .optRequiresGrad(!bounded)
                .optInitializer(Initializer.ZEROS)
                .build();
        parameter.initialize(manager, DataType.FLOAT32);
        BlockWeights.set(parameter.getArray(), new float[] {(float) Math.log(encoding.scale())});
        parameters.put(PREFIX + value, parameter);
        constants.put(zeroPoint(value), array(new float[] {encoding.zeroPoint()}, new Shape(1), manager));
    }

    private static String zeroPoint(String value) {
        return "zero_point." + value;
    }

    /** An array in the engine's own memory, which a gradient may keep. */
    static NDArray array(float[] values, Shape shape, NDManager manager) {
        try (NDArray borrowed = manager.create(values, shape)) {
            return borrowed.duplicate();
        }
    }

    /** The encoding of a quantisation. */
    Encoded of(Node quantization) {
        String value = Objects.requireNonNull(deciding.get(quantization.name()));
        return new Encoded(
                PREFIX + value,
                zeroPoint(value),
                Objects.requireNonNull(encodings.get(value)).scale());
    }

    Map<String, Parameter> parameters() {
        return parameters;
    }

    Map<String, NDArray> constants() {
        return constants;
    }

    /**
     * The ranges that the encodings reach over now, by the values that decide them.
     *
     * @param weights the parameters of the block, by name
     */
    Map<String, Range> ranges(Map<String, NDArray> weights) {
        Map<String, Range> ranges = new LinkedHashMap<>();
        encodings.forEach((value, encoding) -> {
            try (NDArray exponential =
                    Objects.requireNonNull(weights.get(PREFIX + value)).exp()) {
                float scale = exponential.toFloatArray()[0];
                ranges.put(value, range(new ActivationEncoding(encoding.type(), scale, encoding.zeroPoint())));
            }
        });
        return ranges;
    }

    /**
     * A range that an encoding of unsigned bytes comes of, to the bit: its smaller end, whose floats lie closer, makes up
     * for what the other one is rounded by.
     */
    static Range range(ActivationEncoding encoding) {
        double width = (double) encoding.scale() * LEVELS;
        int below = encoding.zeroPoint();
        if (below <= LEVELS / 2) {
            float max = (float) ((double) encoding.scale() * (LEVELS - below));
            max = below == 0 && max > width ? Math.nextDown(max) : max;
            return new Range((float) (max - width), max);
        }
        float min = (float) ((double) -encoding.scale() * below);
        min = below == LEVELS && -min > width ? Math.nextUp(min) : min;
        return new Range(min, (float) (min + width));
    }
}
