package dev.glint.trainer.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.weights.block.BlockOutline;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
    private static NDManager manager;

    @BeforeAll
    static void open() {
        manager = TorchEngine.newManager(1);
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @ParameterizedTest
    @CsvSource({
        "bar-cnn, 2, 1538",
        "small-vgg, 10, 1148874",
        "simple-cnn, 10, 2169770",
        "simple-cnn-224, 10, 102785482",
        "mlp, 10, 1578506",
        "resnet8, 10, 78186", // 78,666 with the running statistics, as MLPerf Tiny counts
        "resnet18, 1000, 11689512",
        "resnet18-cifar, 10, 11173962",
        "resnet34, 1000, 21797672",
        "resnet34-cifar, 10, 21282122",
        "resnet50, 1000, 25557032",
        "resnet50-cifar, 10, 23520842",
        "vgg16, 1000, 138357544",
        "mobilenet-v3-small, 1000, 2542856",
        "efficientnet-b0, 1000, 5288548",
        "vit-b-16, 1000, 86567656",
    })
    void hasThePublishedNumberOfParameters(String id, int classes, long count) {
        assertEquals(count, StateDict.trainableCount(outline(Architecture.named(id), classes)));
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void endsInLogits(Architecture architecture) {
        Block block = architecture.build(7);
        Shape pictures = new Shape(3).addAll(architecture.inputShape().slice(1));
        assertEquals(new Shape(3, 7), block.getOutputShapes(new Shape[] {pictures})[0]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"resnet18", "resnet34", "resnet50", "vgg16", "mobilenet-v3-small", "efficientnet-b0", "vit-b-16"
            })
    void namesAndShapesAreThoseOfTorchvision(String id) throws IOException {
        List<String> found = new ArrayList<>();
        StateDict.parameters(outline(Architecture.named(id), 1000))
                .forEach((name, parameter) -> found.add(name + "\t" + list(parameter.getShape())));
        assertEquals(Recorded.lines(id + ".tsv"), found);
    }

    /** Every kind of layer, in inference, against what torchvision's module of the same name computes. */
    @ParameterizedTest
    @ValueSource(strings = {"resnet18", "resnet34", "resnet50", "mobilenet-v3-small", "efficientnet-b0", "vit-tiny"})
    void logitsAreThoseOfTorchvision(String id) throws IOException {
        compareWithTorchvision(id);
    }

    /** They need up to 1 GB. */
    @ParameterizedTest
    @ValueSource(strings = {"vgg16", "vit-b-16"})
    void logitsOfLargeModelsAreThoseOfTorchvision(String id) throws IOException {
        Assumptions.assumeTrue(Boolean.getBoolean("glint.large"), "large models run with -Dglint.large=true");
        compareWithTorchvision(id);
    }

    private static void compareWithTorchvision(String id) throws IOException {
        Recorded.Logits recorded = Recorded.logits(id);
        Block block = id.equals("vit-tiny")
                ? VisionTransformer.build(new VisionTransformer.Size(8, 64, 128, 4, 2), recorded.classes())
                : Architecture.named(id).build(recorded.classes());
        Shape shape = new Shape(2, 3, recorded.side(), recorded.side());
        try (NDManager own = manager.newSubManager()) {
            BlockWeights.allocate(block, own, shape);
            StateDict.parameters(block)
                    .forEach((name, parameter) -> BlockWeights.set(
                            parameter.getArray(),
                            MadeUp.bytes(
                                    MadeUp.weights(name, parameter.getShape().getShape()))));
            NDArray picture = own.create(MadeUp.uniform("picture", (int) shape.size()), shape);
            assertClose(recorded.values(), forward(block, picture, false).toFloatArray());
        }
    }

    private static void assertClose(float[] expected, float[] found) {
        double scale = 0;
        for (float value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        assertArrayEquals(expected, found, (float) (1e-4 * scale));
    }

    @ParameterizedTest
    @EnumSource(
            value = Architecture.class,
            names = {"SIMPLE_CNN_224", "VGG16", "VIT_B_16"},
            mode = EnumSource.Mode.EXCLUDE)
    void givesEveryTrainableParameterAGradient(Architecture architecture) {
        try (NDManager own = manager.newSubManager()) {
            Block block = architecture.build(3);
            long side = Math.min(architecture.input().side(), 64);
            Shape shape = new Shape(2, architecture.input().channels(), side, side);
            BlockWeights.initialize(block, own, shape, architecture.initialization(), new Random(1));
            Dropout.reseed(block, new Random(2));
            NDArray picture = own.create(MadeUp.uniform("picture", (int) shape.size()), shape);
            try (var gradients = ai.djl.engine.Engine.getInstance().newGradientCollector()) {
                gradients.backward(forward(block, picture, true).square().sum());
            }
            StateDict.parameters(block).forEach((name, parameter) -> {
                if (parameter.requiresGradient()) {
                    NDArray gradient = parameter.getArray().getGradient();
                    assertTrue(Float.isFinite(gradient.abs().sum().getFloat()), name);
                    assertEquals(parameter.getShape(), gradient.getShape(), name);
                }
            });
            assertTrue(gradient(block, StateDict.head(block) + ".weight") > 0);
            String first = StateDict.parameters(block).keySet().iterator().next();
            assertTrue(gradient(block, first) > 0, first);
        }
    }

    private static float gradient(Block block, String name) {
        Parameter parameter = StateDict.parameters(block).get(name);
        return parameter.getArray().getGradient().abs().sum().getFloat();
    }

    @Test
    void vggTakesSmallPicturesAsTorchvisionDoes() {
        Block vgg = Architecture.VGG16.build(10);
        assertEquals(new Shape(1, 10), vgg.getOutputShapes(new Shape[] {new Shape(1, 3, 32, 32)})[0]);
        GlintException error = Assertions.assertThrows(
                GlintException.class, () -> vgg.getOutputShapes(new Shape[] {new Shape(1, 3, 160, 160)}));
        assertTrue(error.getMessage().contains("5x5 features"), error.getMessage());
    }

    @Test
    void anUnknownNameIsAUsageErrorThatListsTheNames() {
        GlintException error = Assertions.assertThrows(GlintException.class, () -> Architecture.named("resnet-18"));
        assertEquals(GlintException.Reason.USAGE, error.reason());
        assertTrue(error.getMessage().contains("resnet18, resnet18-cifar"), error.getMessage());
    }

    private static Block outline(Architecture architecture, int classes) {
        Block block = architecture.build(classes);
        BlockOutline.initialize(block, manager, architecture.inputShape());
        return block;
    }

    private static NDArray forward(Block block, NDArray pictures, boolean training) {
        return block.forward(new ParameterStore(manager, false), new NDList(pictures), training)
                .singletonOrThrow();
    }

    private static String list(Shape shape) {
        return LongStream.of(shape.getShape()).mapToObj(Long::toString).collect(Collectors.joining(","));
    }

    @Test
    void whatIsSaidOfBatchNormIsWhatTheNetworkHas() {
        for (Architecture architecture : Architecture.values()) {
            boolean running = StateDict.parameters(architecture.build(10)).keySet().stream()
                    .anyMatch(name -> name.endsWith("running_var"));
            assertEquals(running, architecture.hasBatchNorm(), architecture.id());
        }
    }
}
