package dev.glint.onnx.quantize;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.glint.exporter.testing.Networks;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.trace.Tracer;
import dev.glint.runtime.testing.EngineComparison;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.weights.block.StateDict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the exporter writes, in both engines of the runtime: in floats, in integers, in integers to the last layer. */
class OwnEngineTest {
    /** Of the largest logit: what another order of the same sums comes to. */
    private static final double FLOATS = 1e-5;

    private static final Map<String, Supplier<Block>> NETWORKS = Map.of(
            "ResNet", Networks::resNet,
            "SqueezeNet", Networks::squeezeNet,
            "MobileNet", Networks::mobileNet,
            "LeNet", Networks::leNet,
            "SqueezeAndExcitation", Networks::squeezeAndExcitation,
            "HardSwish", Networks::hardSwish);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "BAR_CNN, 12",
        "SMALL_VGG, 32",
        "SIMPLE_CNN, 32",
        "MLP, 32",
        "RESNET8, 32",
        "RESNET18, 64",
        "MOBILENET_V3_SMALL, 64",
    })
    void architecturesAnswerAlike(Architecture architecture, int side) throws IOException {
        check(architecture.build(7), architecture.input().channels(), side, side);
    }

    @ParameterizedTest
    @CsvSource({"RESNET18_CIFAR, 32", "RESNET50, 64", "EFFICIENTNET_B0, 64", "SIMPLE_CNN_224, 32"})
    void largeArchitecturesAnswerAlike(Architecture architecture, int side) throws IOException {
        Assumptions.assumeTrue(Boolean.getBoolean("glint.large"), "large models run with -Dglint.large=true");
        check(architecture.build(7), architecture.input().channels(), side, side);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ResNet", "SqueezeNet", "MobileNet", "LeNet", "SqueezeAndExcitation", "HardSwish"})
    void networksOfOthersAnswerAlike(String network) throws IOException {
        check(NETWORKS.get(network).get(), 3, 28, 28);
    }

    private void check(Block block, long... picture) throws IOException {
        Graph graph;
        try (NDManager manager = TorchEngine.newManager(1)) {
            Networks.initialized(block, manager, picture);
            graph = GraphPass.applyAll(
                    GraphPass.standard(), Tracer.trace(block, manager, StateDict.parameters(block), "input", picture));
        }
        QuantizedModel floatHead = QuantizedModel.of(graph, Head.FLOAT, picture);
        compare("fp32", floatHead.floats(), FLOATS);
        compare("int8", floatHead.integers(), FLOATS);
        // Nothing but integers up to the logits: ONNX Runtime adds bytes in fixed point on ARM, and a step may be
        // another one.
        boolean exact = System.getProperty("os.arch").equals("amd64");
        compare(
                "int8 with its head",
                QuantizedModel.of(graph, Head.INTEGER, picture).integers(),
                exact ? 0 : 0.02);
    }

    private void compare(String what, OnnxModel model, double share) throws IOException {
        Path file = folder.resolve("model.onnx");
        Files.write(file, OnnxWriter.write(model));
        for (int batch : new int[] {1, 3}) {
            EngineComparison both = EngineComparison.run(file, batch, batch);
            assertTrue(both.largest() > 0, "logits that are all zero compare nothing");
            assertTrue(
                    both.difference() <= share * both.largest(),
                    what + ": " + both.difference() + " apart, largest logit " + both.largest());
        }
    }
}
