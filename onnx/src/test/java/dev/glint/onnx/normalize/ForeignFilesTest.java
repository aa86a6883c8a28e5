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
import dev.glint.runtime.engine.glint.GlintEngine;
import dev.glint.runtime.engine.glint.PortableKernels;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.onnx.OnnxLimits;
import dev.glint.runtime.testing.EngineComparison;
import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of many exporters: what is made of them computes the same. The table of what is left goes to the test's output. */
class ForeignFilesTest {
    private static final double ENGINES = 1e-4;
    /** A sigmoid that is all but 0 has few digits in ONNX Runtime. */
    private static final double SMALL = 1e-2;

    /** How exact a file's own arithmetic is. */
    private enum Precision {
        EXACT(1e-5),
        /** Half precision has 11 bits, and adds up in other orders. */
        HALF(2e-2);

        private final double tolerance;

        Precision(double tolerance) {
            this.tolerance = tolerance;
        }
    }

    @TempDir
    private Path folder;

    /**
     * What a file takes: the brightest value of a pixel, how exact its own arithmetic is, and whether three pictures go at once; how
     * many nodes are left; and what the own engine does not know of them.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "mnist-cntk25, 255, EXACT, false, 8, ''",
        "mnist-keras2onnx-nhwc, 1, EXACT, true, 9, ''",
        "mnist-multiout-bn, 1, EXACT, true, 14, ''",
        "mnist-dynamo-extdata, 1, EXACT, true, 13, ''",
        "mnist-lenet-tanh, 1, EXACT, true, 10, ''",
        "mnist-logsoftmax, 1, EXACT, false, 12, LogSoftmax",
        "cifar10-winml-dynbatch, 1, EXACT, true, 11, ''",
        "cifar10-resnet20-bn, 1, EXACT, false, 52, ''",
        "cifar10-tinymobilenet-fp32, 1, EXACT, false, 30, ''",
        "catdog-sigmoid-nhwc, 1, EXACT, true, 15, ''",
        "imagenet-squeezenet-fp16, 128, HALF, false, 66, ''",
        "textdir-paddle, 1, EXACT, true, 125, ''",
        "liveness-se-prelu, 1, EXACT, true, 115, PRelu",
        "object-customvision, 255, EXACT, true, 65, ''",
        "person-mobilenetv2-st, 1, EXACT, true, 101, ''",
        "doodle-mixed-fp16, 255, HALF, true, 16, ''",
        "light-shufflenet-caffe2, 1, EXACT, false, 154, 5 dimensions",
        "mobilenetv1-075-bn, 1, EXACT, false, 57, ''",
    })
    void computesWhatTheFileComputes(
            String name,
            float brightest,
            Precision precision,
            boolean manyPictures,
            int nodes,
            String unknownToTheEngine)
            throws IOException {
        ForeignModel foreign = ForeignReader.read(SharedData.require("onnx/" + name + "/model.onnx"));
        NormalizeOptions options = options(name);
        Normalized normalized = Normalizer.normalize(foreign, options);
        report(name, foreign.model().graph(), normalized);
        OnnxChecker.check(normalized.model());
        assertArrayEquals(
                OnnxWriter.write(normalized.model()),
                OnnxWriter.write(Normalizer.normalize(foreign, options).model()),
                "the same bytes again");
        compare(foreign, normalized, 1, brightest, precision.tolerance);
        if (manyPictures) {
            compare(foreign, normalized, 3, brightest, precision.tolerance);
        }
        picturesDoNotMix(normalized, brightest);
        assertEquals(nodes, normalized.model().graph().nodes().size());
        runsInTheOwnEngine(normalized, unknownToTheEngine);
    }

    private void runsInTheOwnEngine(Normalized normalized, String unknown) throws IOException {
        Path file = Files.write(folder.resolve("model.onnx"), OnnxWriter.write(normalized.model()));
        OnnxFile onnx = OnnxFile.read(file, OnnxLimits.defaults());
        GlintEngine engine = new GlintEngine(new PortableKernels());
        String refusal = engine.refusal(onnx, EngineComparison.signature(onnx)).orElse("");
        if (unknown.isEmpty()) {
            assertEquals("", refusal);
            EngineComparison comparison = EngineComparison.run(file, 1, 11);
            assertTrue(
                    comparison.difference() <= ENGINES * Math.max(comparison.largest(), SMALL),
                    () -> "off by " + comparison.difference() + " of " + comparison.largest());
        } else {
            assertTrue(refusal.contains(unknown), refusal);
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
            assertClose(alone, Arrays.copyOfRange(together, i * classes, (i + 1) * classes), Precision.EXACT.tolerance);
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

    private static void report(String name, Graph before, Normalized normalized) {
        Graph after = normalized.model().graph();
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
