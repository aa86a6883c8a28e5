package dev.glint.onnx.normalize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.foreign.ForeignModel;
import dev.glint.onnx.foreign.ForeignReader;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.testing.OnnxChecker;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.SharedData;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of many exporters: what is made of them computes the same. The table of what is left goes to the test's output. */
class ForeignFilesTest {
    private static final double EXACT = 1e-5;
    /** Half precision has 11 bits, and adds up in other orders. */
    private static final double HALF = 2e-2;

    /** What a file takes: the brightest value of a pixel, how exact its own arithmetic is, and whether three pictures go at once. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "mnist-cntk25, 255, exact, false, Conv Relu MaxPool Conv Relu MaxPool Flatten Gemm",
        "mnist-keras2onnx-nhwc, 1, exact, true, Conv Relu Conv Relu MaxPool Flatten Gemm Relu Gemm",
        "mnist-multiout-bn, 1, exact, true, ",
        "mnist-dynamo-extdata, 1, exact, true, ",
        "mnist-lenet-tanh, 1, exact, true, ",
        "mnist-logsoftmax, 1, exact, false, ",
        "cifar10-winml-dynbatch, 1, exact, true, ",
        "cifar10-resnet20-bn, 1, exact, false, ",
        "cifar10-tinymobilenet-fp32, 1, exact, false, ",
        "catdog-sigmoid-nhwc, 1, exact, true, ",
        "imagenet-squeezenet-fp16, 128, half, false, ",
        "textdir-paddle, 1, exact, true, ",
        "liveness-se-prelu, 1, exact, true, ",
        "object-customvision, 255, exact, true, ",
        "person-mobilenetv2-st, 1, exact, true, ",
        "doodle-mixed-fp16, 255, half, true, ",
        "light-shufflenet-caffe2, 1, exact, false, ",
        "mobilenetv1-075-bn, 1, exact, false, ",
    })
    void computesWhatTheFileComputes(String name, float brightest, String precision, boolean manyPictures, String ops) {
        ForeignModel foreign = ForeignReader.read(SharedData.require("onnx/" + name + "/model.onnx"));
        NormalizeOptions options = options(name);
        Normalized normalized = Normalizer.normalize(foreign, options);
        Graph graph = normalized.model().graph();
        report(name, foreign.model().graph(), graph, normalized);
        OnnxChecker.check(normalized.model());
        assertArrayEquals(
                OnnxWriter.write(normalized.model()),
                OnnxWriter.write(Normalizer.normalize(foreign, options).model()),
                "the same bytes again");
        double tolerance = precision.equals("half") ? HALF : EXACT;
        compare(foreign, normalized, 1, brightest, tolerance);
        if (manyPictures) {
            compare(foreign, normalized, 3, brightest, tolerance);
        }
        picturesDoNotMix(normalized, brightest);
        if (ops != null) {
            assertEquals(ops, graph.nodes().stream().map(Node::op).collect(Collectors.joining(" ")));
        }
    }

    private static NormalizeOptions options(String name) {
        return switch (name) {
            case "mnist-multiout-bn" -> NormalizeOptions.asInFile().withOutput("output");
            case "textdir-paddle" -> NormalizeOptions.asInFile().withInputShape(List.of(-1L, -1L, 48L, 192L));
            default -> NormalizeOptions.asInFile();
        };
    }

    private static void compare(
            ForeignModel foreign, Normalized normalized, int batch, float brightest, double tolerance) {
        ValueInfo input = normalized.model().graph().inputs().get(0);
        long[] shape = shape(input, batch);
        float[] pictures = noise(shape, brightest);
        String output = normalized.model().graph().outputs().get(0).name();
        float[] actual = TestSession.run(normalized.model(), shape, pictures, output);
        boolean turned = normalized.channelsMovedFirst();
        long[] before = turned ? new long[] {shape[0], shape[2], shape[3], shape[1]} : shape;
        float[] pixels = turned ? channelsLast(pictures, shape) : pictures;
        float[] expected = TestSession.run(foreign.model(), before, pixels, output);
        assertClose(expected, actual, tolerance);
    }

    /** A file for one picture may only be freed from that if pictures do not meet. */
    private static void picturesDoNotMix(Normalized normalized, float brightest) {
        OnnxModel model = normalized.model();
        long[] three = shape(model.graph().inputs().get(0), 3);
        long[] one = shape(model.graph().inputs().get(0), 1);
        float[] pictures = noise(three, brightest);
        String output = model.graph().outputs().get(0).name();
        float[] together = TestSession.run(model, three, pictures, output);
        int size = pictures.length / 3;
        int classes = together.length / 3;
        for (int i = 0; i < 3; i++) {
            float[] alone = TestSession.run(model, one, Arrays.copyOfRange(pictures, i * size, (i + 1) * size), output);
            assertClose(alone, Arrays.copyOfRange(together, i * classes, (i + 1) * classes), EXACT);
        }
    }

    private static long[] shape(ValueInfo input, int batch) {
        return input.shape().stream()
                .mapToLong(dimension -> dimension instanceof Dimension.Fixed fixed ? fixed.size() : batch)
                .toArray();
    }

    private static float[] noise(long[] shape, float brightest) {
        Random random = new Random(7);
        float[] noise = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextFloat() * brightest;
        }
        return noise;
    }

    private static float[] channelsLast(float[] pictures, long[] shape) {
        int channels = (int) shape[1];
        int pixels = (int) (shape[2] * shape[3]);
        float[] turned = new float[pictures.length];
        for (int i = 0; i < pictures.length; i++) {
            int picture = i / (channels * pixels);
            int channel = i / pixels % channels;
            int pixel = i % pixels;
            turned[(picture * pixels + pixel) * channels + channel] = pictures[i];
        }
        return turned;
    }

    private static void assertClose(float[] expected, float[] actual, double tolerance) {
        assertEquals(expected.length, actual.length);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
        }
        assertTrue(largest > 0 && difference <= tolerance * largest, "off by " + difference + " of " + largest);
    }

    private static void report(String name, Graph before, Graph after, Normalized normalized) {
        Map<String, Long> left =
                after.nodes().stream().collect(Collectors.groupingBy(Node::op, TreeMap::new, Collectors.counting()));
        System.out.printf(
                "%-28s %4d -> %3d  %s%n",
                name, before.nodes().size(), after.nodes().size(), left);
        System.out.println("    "
                + normalized.rules().stream()
                        .map(rule -> rule.name() + " " + rule.times())
                        .collect(Collectors.joining(", ")));
    }

    @Test
    void severalInputsAreNamed() {
        Path file = SharedData.require("onnx/neg-two-inputs-bhuman/model.onnx");
        GlintException refused = assertThrows(
                GlintException.class,
                () -> Normalizer.normalize(ForeignReader.read(file), NormalizeOptions.asInFile()));
        assertEquals(Reason.MODEL, refused.reason());
        assertTrue(String.valueOf(refused.getMessage()).contains("2 inputs (img_inputs FLOAT"), refused::getMessage);
    }
}
