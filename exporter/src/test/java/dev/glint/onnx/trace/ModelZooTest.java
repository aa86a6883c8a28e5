package dev.glint.onnx.trace;

import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.basicmodelzoo.basic.Mlp;
import ai.djl.basicmodelzoo.cv.classification.AlexNet;
import ai.djl.basicmodelzoo.cv.classification.GoogLeNet;
import ai.djl.basicmodelzoo.cv.classification.LeNet;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV1;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV2;
import ai.djl.basicmodelzoo.cv.classification.NiN;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.basicmodelzoo.cv.classification.SqueezeNet;
import ai.djl.basicmodelzoo.cv.classification.VGG;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.glint.exporter.testing.Differential;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.quantize.QuantizedModel;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.testing.Graphs;
import dev.glint.onnx.testing.OnnxChecker;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks that were not written with this exporter in mind: traced, compared, quantised, fused. */
class ModelZooTest {

    static Stream<Arguments> networks() {
        return Stream.of(
                network("LeNet", LeNet.builder().build(), 1, 28),
                network("NiN", NiN.builder().build(), 3, 112),
                network("MobileNetV1", MobileNetV1.builder().setOutSize(10).build(), 3, 32),
                network("MobileNetV2", MobileNetV2.builder().setOutSize(10).build(), 3, 32),
                network("SqueezeNet", SqueezeNet.squeezenet(10), 3, 48),
                network("GoogLeNet", GoogLeNet.builder().build(), 3, 48),
                network("Mlp", new Mlp(28 * 28, 10, new int[] {32}), 1, 28),
                network("ResNet-18", resNet(18), 3, 32),
                network("ResNet-50", resNet(50), 3, 32));
    }

    private static Arguments network(String name, Block block, int channels, int side) {
        return Arguments.argumentSet(name, block, new long[] {channels, side, side});
    }

    private static Block resNet(int layers) {
        return ResNetV1.builder()
                .setNumLayers(layers)
                .setOutSize(10)
                .setImageShape(new Shape(3, 32, 32))
                .build();
    }

    static Stream<Arguments> largeNetworks() {
        return Stream.of(
                network("AlexNet", AlexNet.builder().build(), 3, 224),
                network("VGG-11", VGG.builder().build(), 3, 32));
    }

    @ParameterizedTest
    @MethodSource("largeNetworks")
    void isExportedAndQuantizedWholeWhenLarge(Block block, long[] picture) {
        Assumptions.assumeTrue(Boolean.getBoolean("glint.large"), "large models run with -Dglint.large=true");
        isExportedAndQuantizedWhole(block, picture);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void isExportedAndQuantizedWhole(Block block, long[] picture) {
        Graph graph = Differential.check(block, picture);
        assertFalse(Graphs.ops(graph).contains("BatchNormalization"), "folded");
        QuantizedModel model = QuantizedModel.of(graph, Head.FLOAT, picture);
        OnnxChecker.check(model.integers());
        assertFalse(
                model.plan().floatNodes().containsValue(FloatReason.UNFUSED),
                () -> model.plan().floatNodes().toString());
    }
}
