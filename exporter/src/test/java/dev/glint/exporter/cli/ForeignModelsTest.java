package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Origin;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.evaluate.NoisePictures;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.Pixels;
import dev.glint.runtime.image.Resampler;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.runtime.model.Prediction;
import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that eight other tools wrote, each with what its README says of its pictures: imported, run by each engine of the JVM, and
 * held against the answers that ONNX Runtime's Python package gave to the same pictures; then quantised. What came out stands in
 * {@code target/foreign-models.md}; with {@code -Dglint.large=true}, which takes minutes, that is {@code exporter/FOREIGN-MODELS.md}.
 */
class ForeignModelsTest {
    private static final List<List<String>> TABLE = new ArrayList<>();
    private static final String SQUEEZENET = "imagenet-squeezenet-fp16";

    /** Of the 50 photos so many are looked at, unless {@code -Dglint.large=true}. */
    private static final int FEW_PHOTOS = 5;

    @TempDir
    private Path temporary;

    /** What the values in the table of expected answers are. */
    private enum Answers {
        LOGITS {
            @Override
            double[] read(float[] logits, double[] probabilities) {
                double[] same = new double[logits.length];
                for (int i = 0; i < same.length; i++) {
                    same[i] = logits[i];
                }
                return same;
            }
        },
        LOGARITHMS {
            @Override
            double[] read(float[] logits, double[] probabilities) {
                double[] logarithms = probabilities.clone();
                for (int i = 0; i < logarithms.length; i++) {
                    logarithms[i] = Math.log(logarithms[i]);
                }
                return logarithms;
            }
        },
        PROBABILITIES {
            @Override
            double[] read(float[] logits, double[] probabilities) {
                return probabilities;
            }
        },
        SECOND {
            @Override
            double[] read(float[] logits, double[] probabilities) {
                return new double[] {probabilities[1]};
            }
        };

        abstract double[] read(float[] logits, double[] probabilities);
    }

    /**
     * A file.
     *
     * @param words what is said of its pictures
     * @param tolerance how far values may be off, as a share of the largest; 1 where its authors' resize is another
     * @param differing how many answers of int8 may differ from those of fp32; negative where a gate may refuse it
     * @param large whether its pictures are so large that it is quantised with {@code -Dglint.large=true} alone
     */
    private record Case(String name, String words, Answers answers, double tolerance, int differing, boolean large) {
        Case(String name, String words, Answers answers, double tolerance, int differing) {
            this(name, words, answers, tolerance, differing, false);
        }

        Case withLargePictures() {
            return new Case(name, words, answers, tolerance, differing, true);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        String digits = "--preset mnist";
        String normalizedDigits = digits + " --mean 0.1307 --std 0.3081";
        String cifar = "--color rgb --resize exact --scale 1/255";
        return Stream.of(
                new Case("mnist-cntk25", digits + " --scale 1", Answers.LOGITS, 1e-5, 1),
                new Case("mnist-keras2onnx-nhwc", digits, Answers.LOGITS, 1e-5, 1),
                new Case("mnist-multiout-bn", digits, Answers.LOGITS, 1e-5, 1),
                new Case("mnist-dynamo-extdata", normalizedDigits, Answers.LOGITS, 1e-5, 1),
                new Case("mnist-lenet-tanh", normalizedDigits, Answers.LOGITS, 1e-5, 1),
                new Case("mnist-logsoftmax", normalizedDigits, Answers.LOGARITHMS, 1e-5, 1),
                new Case("cifar10-winml-dynbatch", cifar + " --mean 0.5 --std 0.5", Answers.LOGITS, 1e-5, 1),
                new Case("cifar10-resnet20-bn", "--preset imagenet --resize exact", Answers.LOGITS, 1e-5, 1),
                new Case(
                        "cifar10-tinymobilenet-fp32",
                        cifar + " --mean 0.4914,0.4822,0.4465 --std 0.2470,0.2435,0.2616",
                        Answers.LOGITS,
                        1e-5,
                        2),
                new Case("catdog-sigmoid-nhwc", cifar + " --mean 0 --std 1", Answers.SECOND, 1e-5, 1),
                new Case(SQUEEZENET, "--preset caffe --resize 256", Answers.PROBABILITIES, 2e-3, 5).withLargePictures(),
                new Case(
                        "textdir-paddle",
                        "--color bgr --resize exact --size 192x48 --scale 1/255 --mean 0.5 --std 0.5",
                        Answers.PROBABILITIES,
                        1,
                        -1),
                new Case("liveness-se-prelu", cifar + " --mean 0 --std 1", Answers.LOGITS, 1e-5, 0).withLargePictures(),
                new Case(
                                "object-customvision",
                                "--color bgr --resize exact --scale 1 --mean 0 --std 1",
                                Answers.PROBABILITIES,
                                1e-5,
                                0)
                        .withLargePictures(),
                new Case("person-mobilenetv2-st", "--preset tf --resize exact", Answers.PROBABILITIES, 1e-5, 1),
                new Case(
                        "doodle-mixed-fp16",
                        "--resize exact --interpolation box --scale 1 --mean 0 --std 1",
                        Answers.PROBABILITIES,
                        2e-2,
                        1),
                new Case("light-shufflenet-caffe2", "--preset imagenet", Answers.PROBABILITIES, 1e-5, -1)
                        .withLargePictures(),
                new Case("mobilenetv1-075-bn", "--preset tf --resize 256", Answers.LOGITS, 1e-5, 5)
                        .withLargePictures());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answersAsItsAuthorsFileDoes(Case one) throws IOException {
        Path folder = SharedData.require("onnx/" + one.name());
        List<ExpectedAnswer> rows = rows(folder);
        Path model = temporary.resolve("model");
        List<Object> arguments = new ArrayList<>(
                List.of("import", folder.resolve("model.onnx"), "--out", model, "--labels", labels(folder)));
        arguments.addAll(List.of(one.words().split(" ")));
        CommandRun run = CommandRun.of(arguments.toArray());
        assertEquals(0, run.exitCode(), run.err());

        List<String> engines = new ArrayList<>();
        int right = 0;
        for (Engine engine : Model.Options.defaults().engines()) {
            try (Classifier classifier = Classifier.open(
                    model.resolve(ModelFolder.FP32), Model.Options.defaults().withEngines(List.of(engine)))) {
                engines.add(engine.name());
                right = right(one, rows, classifier);
            } catch (GlintException e) {
                assertTrue(e.getMessage().contains("(" + engine.name() + ": "), e.getMessage());
            }
        }
        assertEquals("ort", engines.get(0));
        assertExpectedOutput(folder, model);
        Origin origin = Manifest.fromJson(Files.readString(model.resolve(ModelFolder.MANIFEST)))
                .origin()
                .orElseThrow();
        String same = inIntegers(one, rows, model);
        TABLE.add(List.of(
                one.name(),
                origin.nodesBefore() + " -> " + origin.nodesAfter(),
                String.format("%.0e", origin.proof().relativeDifference()),
                right + " of " + rows.size(),
                same,
                String.join(", ", engines)));
    }

    /** A file of ONNX's own tests has what it gives beside it; its weights are all equal, so that any picture gives that. */
    private static void assertExpectedOutput(Path folder, Path model) throws IOException {
        Path file = folder.resolve("expected_output_0.pb");
        if (Files.exists(file)) {
            TensorProto expected = TensorProto.parseFrom(Files.readAllBytes(file));
            FloatBuffer values = expected.getRawData()
                    .asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            try (Classifier classifier = Classifier.open(model.resolve(ModelFolder.FP32))) {
                Image noise = new NoisePictures(classifier.contract()).picture(3);
                double[] found = Prediction.probabilities(classifier.contract().output(), classifier.logits(noise));
                assertEquals(found.length, values.remaining());
                for (int i = 0; i < found.length; i++) {
                    assertEquals(values.get(i), found[i], 1e-7);
                }
            }
        }
    }

    /** How many pictures of the table a model gets right; all of its values must be as expected. */
    private static int right(Case one, List<ExpectedAnswer> rows, Classifier classifier) {
        int right = 0;
        for (ExpectedAnswer row : rows) {
            float[] logits = logits(one, classifier, row.image(classifier.contract()));
            double[] probabilities =
                    Prediction.probabilities(classifier.contract().output(), logits);
            double[] values = one.answers().read(logits, probabilities);
            double largest = 0;
            for (double value : row.values()) {
                largest = Math.max(largest, Math.abs(value));
            }
            for (int i = 0; i < row.values().length; i++) {
                double tolerance = row.unlike() ? 1 : one.tolerance();
                assertEquals(row.values()[i], values[row.indices()[i]], tolerance * largest, row.picture());
            }
            int top = top(probabilities);
            assertEquals(row.top(), top, row.picture());
            right += top == row.wanted() ? 1 : 0;
        }
        return right;
    }

    /** The table of this one was made with a resize and a crop that round as neither torchvision nor Pillow does. */
    private static float[] logits(Case one, Classifier classifier, Image image) {
        if (!one.name().equals(SQUEEZENET)) {
            return classifier.logits(image);
        }
        double factor = 256.0 / Math.min(image.width(), image.height());
        Image resized = Resampler.resize(
                Pixels.rgb(image),
                (int) Math.rint(image.width() * factor),
                (int) Math.rint(image.height() * factor),
                Interpolation.BILINEAR);
        int side = classifier.contract().width();
        int left = (resized.width() - side) / 2;
        int upper = (resized.height() - side) / 2;
        byte[] samples = new byte[side * side * 3];
        for (int y = 0; y < side; y++) {
            int from = ((upper + y) * resized.width() + left) * 3;
            System.arraycopy(resized.samples(), from, samples, y * side * 3, side * 3);
        }
        Preprocessor preprocessor = new Preprocessor(classifier.contract());
        Buffer tensor = preprocessor.allocateTensor(1);
        preprocessor.toTensor(new Image(side, side, Image.Mode.RGB, samples), tensor);
        return classifier.logits(tensor.flip());
    }

    private static int top(double[] values) {
        int top = 0;
        for (int i = 1; i < values.length; i++) {
            top = values[i] > values[top] ? i : top;
        }
        return top;
    }

    private String inIntegers(Case one, List<ExpectedAnswer> rows, Path model) throws IOException {
        if (one.large() && !Boolean.getBoolean("glint.large")) {
            return "not tried";
        }
        CommandRun run = CommandRun.of(
                "quantize", model, "--calibration", calibration(one, rows), "--samples", one.large() ? 100 : 500);
        if (one.differing() < 0 && run.exitCode() == 5) {
            return run.err().lines().reduce((first, last) -> last).orElseThrow().replaceFirst(".*found ", "refused: ");
        }
        assertEquals(0, run.exitCode(), run.err());
        int same = 0;
        int right = 0;
        try (Classifier floats = Classifier.open(model.resolve(ModelFolder.FP32));
                Classifier integers = Classifier.open(model.resolve(ModelFolder.INT8))) {
            for (ExpectedAnswer row : rows) {
                Image image = row.image(floats.contract());
                int top = integers.classify(image, 1).top().index();
                same += top == floats.classify(image, 1).top().index() ? 1 : 0;
                right += top == row.wanted() ? 1 : 0;
            }
        }
        assertTrue(
                one.differing() < 0 || same >= rows.size() - one.differing(),
                same + " of " + rows.size() + " answers are the same");
        if (rows.isEmpty()) {
            return "no pictures";
        }
        return right + " right, " + same + " as fp32";
    }

    /** The labels are not needed. Those that are judged are not calibrated with if there are others of their kind. */
    private Path calibration(Case one, List<ExpectedAnswer> rows) throws IOException {
        if (one.large()) {
            return SharedData.require("photos/flowers/train");
        }
        Path folder = Files.createDirectory(temporary.resolve("calibration"));
        for (Path file : rows.stream().map(ExpectedAnswer::file).distinct().toList()) {
            Files.copy(file, folder.resolve(file.getFileName()));
        }
        return folder;
    }

    private static List<ExpectedAnswer> rows(Path folder) throws IOException {
        Path table = folder.resolve("expected.tsv");
        if (!Files.exists(table)) {
            return List.of();
        }
        List<ExpectedAnswer> rows = Files.readAllLines(table).stream()
                .skip(1)
                .map(ExpectedAnswer::parse)
                .toList();
        return rows.size() < 50 || Boolean.getBoolean("glint.large") ? rows : rows.subList(0, FEW_PHOTOS);
    }

    private Path labels(Path folder) throws IOException {
        Path labels = folder.resolve("labels.txt");
        if (Files.exists(labels)) {
            return labels;
        }
        List<String> numbers =
                Stream.iterate(0, i -> i + 1).limit(1000).map(String::valueOf).toList();
        return Files.write(temporary.resolve("labels.txt"), numbers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cifar10-tinymobilenet-int8/model.onnx| an already quantised model (",
                "liveness-se-prelu/author-dynamic-int8.onnx| an already quantised model (",
                "neg-mct-quantizers/model.onnx| operators of an unknown domain (",
                "neg-no-opset-cntk24/model.onnx| no operator set at all (written by CNTK 2.4)",
                "neg-two-inputs-bhuman/model.onnx| 2 inputs, img_inputs FLOAT[",
            })
    void isRefusedWithItsReason(String name, String reason) throws IOException {
        Path file = SharedData.require("onnx/" + name);
        CommandRun run = CommandRun.of(
                "import",
                file,
                "--out",
                temporary.resolve("model"),
                "--labels",
                Files.write(temporary.resolve("labels.txt"), List.of("a", "b")),
                "--preset",
                "mnist");
        assertEquals(4, run.exitCode(), run.err());
        assertTrue(run.err().startsWith("error: " + file + ": found " + reason), run.err());
        assertEquals(1, run.err().lines().count());
        assertTrue(Files.notExists(temporary.resolve("model")));
        TABLE.add(List.of(name, run.err().strip().replace("error: " + file + ": ", ""), "", "", "", ""));
    }

    @AfterAll
    static void writeTable() throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "# Models that others exported",
                "",
                "Written by `ForeignModelsTest -Dglint.large=true`: what `exporter import` makes of each file (its operators before",
                "and after; how far the answers are from the file's own, as a share of the largest), how many pictures of its table of",
                "expected answers are right, and what `exporter quantize` makes of it with `--head float`. The pictures of large models",
                "are judged only: the ranges come from 100 photos of flowers. Those of the others are few, and do both.",
                "",
                "| file | operators | difference | fp32 right | int8 | engines |",
                "|---|---|---|---|---|---|"));
        TABLE.stream()
                .sorted(Comparator.comparing(row -> row.get(0)))
                .forEach(row -> lines.add("| " + String.join(" | ", row) + " |"));
        Files.write(Path.of("target/foreign-models.md"), lines);
    }
}
