package dev.glint.trainer.qat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.quantize.Quantizer;
import dev.glint.onnx.quantize.QuantizerOptions;
import dev.glint.onnx.quantize.calibrate.TensorSource;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.plan.SchemeChanges;
import dev.glint.onnx.quantize.scheme.ActivationEncoding;
import dev.glint.onnx.quantize.scheme.IntegerType;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.NaturalInput;
import dev.glint.trainer.qat.QatNetwork.Calibration;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The graph that is fitted, against the network that it comes from and the integer file that it becomes. */
class QatNetworkTest {
    private static final int SIDE = 32;
    private static final int PICTURES = 8;
    private static final int CLASSES = 2;

    private static final PreprocessContract CONTRACT = contract();

    private static PreprocessContract contract() {
        DataSpec spec = DataSpec.parse("bars");
        PictureSelection pictures = new PictureSelection(spec, 10, DataOptions.DEFAULT.sized(SIDE), 1);
        return pictures.contract(NaturalInput.BARS, pictures.open(note -> {}));
    }

    /** Noise, as a model takes it. */
    private record Noise(long seed) implements TensorSource {
        @Override
        public int size() {
            return PICTURES;
        }

        @Override
        public long[] shape() {
            return new long[] {1, SIDE, SIDE};
        }

        @Override
        public void put(int index, FloatBuffer target) {
            Random random = new Random(seed * PICTURES + index);
            for (int i = 0; i < SIDE * SIDE; i++) {
                target.put((float) random.nextGaussian());
            }
        }

        FloatBuffer all() {
            FloatBuffer all = ByteBuffer.allocateDirect(PICTURES * SIDE * SIDE * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            for (int i = 0; i < PICTURES; i++) {
                put(i, all);
            }
            return all.flip();
        }

        float[] values() {
            float[] values = new float[PICTURES * SIDE * SIDE];
            all().get(values);
            return values;
        }

        Shape batch() {
            return new Shape(PICTURES, 1, SIDE, SIDE);
        }
    }

    private static final Noise CALIBRATION = new Noise(1);
    private static final Noise HELD_OUT = new Noise(2);

    /** With batch norm that is not the identity. */
    private static Block network(Architecture architecture, NDManager manager) {
        Block block = architecture.build(CLASSES);
        Random random = new Random(7);
        BlockWeights.Source drawn = BlockWeights.drawn(random);
        BlockWeights.initialize(block, manager, new Shape(1, 1, SIDE, SIDE), (name, type, shape) -> {
            float[] values = drawn.values(name, type, shape);
            for (int i = 0; type != Parameter.Type.WEIGHT && i < values.length; i++) {
                values[i] = 0.5f + random.nextFloat();
            }
            return values;
        });
        return block;
    }

    private static QatNetwork calibrated(Block block, NDManager manager) {
        return QatNetwork.calibrated(block, manager, CONTRACT, new Calibration(CALIBRATION, HELD_OUT));
    }

    private static float[] logits(Block block, NDManager manager, boolean training) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray input = scope.create(HELD_OUT.values(), HELD_OUT.batch());
            return block.forward(new ParameterStore(scope, false), new NDList(input), training)
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    private static float[] logits(OnnxModel model) {
        try (OnnxSession session = OnnxSession.open(model, 1)) {
            return session.run(HELD_OUT.all(), HELD_OUT.batch().getShape())
                    .get(model.graph().outputs().get(0).name());
        }
    }

    private static double signalToNoise(float[] expected, float[] actual) {
        assertEquals(expected.length, actual.length);
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < expected.length; i++) {
            signal += (double) expected[i] * expected[i];
            noise += Math.pow((double) expected[i] - actual[i], 2);
        }
        return 10 * Math.log10(signal / noise);
    }

    @ParameterizedTest
    @EnumSource(
            value = Architecture.class,
            names = {"SIMPLE_CNN", "RESNET8", "EFFICIENTNET_B0"})
    void aGraphComputesWhatItsBlockComputes(Architecture architecture) {
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block block = network(architecture, manager);
            QuantizationDraft draft =
                    inFloats(TracedNetwork.trace(block, manager, CONTRACT).model());
            Graph graph = draft.write().graph();
            Block executed = GraphCompiler.compile(graph, graph, ActivationScales.read(draft, graph, manager), manager);
            double decibels = signalToNoise(logits(block, manager, false), logits(executed, manager, false));
            assertTrue(decibels > 90, decibels + " dB");
        }
    }

    /** A plan by which nothing is rounded. */
    private static QuantizationDraft inFloats(OnnxModel model) {
        Map<String, FloatReason> all = new LinkedHashMap<>();
        model.graph().nodes().forEach(node -> all.put(node.name(), FloatReason.EXCLUDED));
        QuantizationPlan plan = QuantizationPlan.derive(
                new GraphIndex(model.graph()), Profile.int8(Head.FLOAT), SchemeChanges.NONE, all);
        return new QuantizationDraft(model, plan, Map.of(), Map.of());
    }

    @ParameterizedTest
    @EnumSource(
            value = Architecture.class,
            names = {"BAR_CNN", "RESNET8", "MOBILENET_V3_SMALL"})
    void whatIsFittedComputesWhatTheIntegerFileComputes(Architecture architecture) {
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block block = network(architecture, manager);
            QatNetwork network = calibrated(block, manager);
            move(network.block());
            Map<String, NDArray> weights = weights(network.block());
            Block changed = architecture.build(CLASSES);
            Map<String, float[]> stateDict = network.stateDict(weights);
            BlockWeights.initialize(
                    changed, manager, new Shape(1, 1, SIDE, SIDE), (name, type, shape) -> stateDict.get(name));
            OnnxModel floats = TracedNetwork.trace(changed, manager, CONTRACT).model();
            OnnxModel integers = new Quantizer(floats, new NoMeasurement(), Optional.empty())
                    .quantize(
                            QuantizerOptions.minmax(Profile.int8(Head.FLOAT)).withGivenRanges(network.ranges(weights)))
                    .model();
            float[] fitted = logits(network.block(), manager, false);
            double rounding = signalToNoise(logits(floats), fitted);
            double decibels = signalToNoise(logits(integers), fitted);
            assertTrue(decibels > rounding + 6, decibels + " dB from the file, " + rounding + " from the floats");
            assertArrayEquals(fitted, logits(network.block(), manager, true), "in training as in inference");
        }
    }

    /** As steps of a fit would: weights, biases and scales are others than those that were calibrated with. */
    private static void move(Block block) {
        Random random = new Random(3);
        StateDict.parameters(block).values().forEach(parameter -> {
            if (parameter.requiresGradient()) {
                float[] values = BlockWeights.values(parameter.getArray());
                for (int i = 0; i < values.length; i++) {
                    values[i] *= 1 + 0.01f * (float) random.nextGaussian();
                }
                BlockWeights.set(parameter.getArray(), values);
            }
        });
    }

    private static Map<String, NDArray> weights(Block block) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        StateDict.parameters(block).forEach((name, parameter) -> weights.put(name, parameter.getArray()));
        return weights;
    }

    @Test
    void weightsReturnToTheirNetworkAndAreTheSameToTheBitWhenTheyAreFoldedAgain() {
        try (NDManager manager = TorchEngine.newManager(1)) {
            QatNetwork network = calibrated(network(Architecture.RESNET8, manager), manager);
            move(network.block());
            Map<String, NDArray> weights = weights(network.block());
            Map<String, float[]> stateDict = network.stateDict(weights);
            Block again = Architecture.RESNET8.build(CLASSES);
            BlockWeights.initialize(
                    again, manager, new Shape(1, 1, SIDE, SIDE), (name, type, shape) -> stateDict.get(name));
            QatNetwork restored = QatNetwork.restored(again, manager, CONTRACT, network.ranges(weights));
            weights(restored.block())
                    .forEach((name, array) -> assertArrayEquals(
                            BlockWeights.values(weights.get(name)),
                            BlockWeights.values(array),
                            name.startsWith("log_scale.") ? 1e-6f : 0,
                            name));
        }
    }

    @Test
    void gradientsReachEveryWeightAndEveryScale() {
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block block = calibrated(network(Architecture.MOBILENET_V3_SMALL, manager), manager)
                    .block();
            NDArray input = manager.create(HELD_OUT.values(), HELD_OUT.batch());
            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                NDArray logits = block.forward(new ParameterStore(manager, false), new NDList(input), true)
                        .singletonOrThrow();
                gradients.backward(logits.square().sum());
            }
            StateDict.parameters(block).forEach((name, parameter) -> {
                if (parameter.requiresGradient()) {
                    float sum = parameter.getArray().getGradient().abs().sum().getFloat();
                    assertTrue(Float.isFinite(sum) && sum > 0, name + " has a gradient of " + sum);
                }
            });
        }
    }

    @Test
    void aNetworkWithoutConvolutionsIsRefused() {
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block block = network(Architecture.MLP, manager);
            GlintException refused = assertThrows(GlintException.class, () -> calibrated(block, manager));
            assertTrue(refused.getMessage().contains("convolution"), refused.getMessage());
        }
    }

    @Test
    void aRangeGivesItsEncodingBack() {
        Random random = new Random(5);
        for (int i = 0; i < 1000; i++) {
            ActivationEncoding encoding = new ActivationEncoding(
                    IntegerType.U8, (float) Math.exp(-8 + 10 * random.nextDouble()), random.nextInt(256));
            assertEquals(
                    encoding,
                    ActivationEncoding.covering(ActivationScales.range(encoding), TensorScheme.ACTIVATION_U8));
        }
    }
}
