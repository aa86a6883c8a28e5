package dev.glint.runtime.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTest {
    @TempDir
    Path folder;

    @Test
    void namesTheColorOfAPictureFile() throws IOException {
        Path picture = folder.resolve("picture.png");
        Files.write(picture, PngFile.of(colored(20, 30, 10, 200, 60)));
        try (Classifier classifier = Classifier.open(TinyModel.write(folder.resolve("tiny.onnx")))) {
            Prediction prediction = classifier.classify(picture, 2);
            assertEquals(
                    List.of("green", "blue"),
                    prediction.candidates().stream()
                            .map(Prediction.Candidate::label)
                            .toList());
            double[] e = {Math.exp(4 * 10 / 255.0), Math.exp(4 * 200 / 255.0), Math.exp(4 * 60 / 255.0)};
            assertEquals(e[1] / (e[0] + e[1] + e[2]), prediction.top().probability(), 1e-6);
        }
    }

    @Test
    void givesTheSameLogitsForAPictureAndItsTensor() throws IOException {
        Image noise = SyntheticPictures.noise(37, 21, Mode.RGB);
        try (Classifier classifier = Classifier.open(TinyModel.write(folder.resolve("tiny.onnx")))) {
            FloatBuffer tensor = FloatBuffer.allocate(2 + classifier.contract().tensorSize());
            tensor.position(2);
            new Preprocessor(classifier.contract()).preprocess(noise, tensor);
            tensor.position(2);
            float[] fromTensor = classifier.logits(tensor);
            assertEquals(2, tensor.position());
            classifier.logits(colored(8, 8, 255, 0, 0));
            assertArrayEquals(fromTensor, classifier.logits(noise));
        }
    }

    @Test
    void opensTheQuantisedVariantOfAFolder() throws IOException {
        TinyModel.write(folder.resolve(ModelFolder.FP32));
        assertEquals(folder.resolve(ModelFolder.FP32), ModelFolder.select(folder));
        TinyModel.write(folder.resolve(ModelFolder.INT8));
        assertEquals(folder.resolve(ModelFolder.INT8), ModelFolder.select(folder));
        try (Classifier classifier = Classifier.open(folder)) {
            assertEquals(TinyModel.contract(), classifier.contract());
        }
    }

    @Test
    void refusesWhatIsNoModelAndSaysWhichFile() throws IOException {
        Path text = folder.resolve("text.onnx");
        Files.writeString(text, "not a model");
        refused(text, "no ONNX model (a field of wire type 6)");
        refused(folder.resolve("absent.onnx"), "no such file");
        refused(folder, "a folder without a model");
        refused(TinyModel.writeWithoutContract(folder.resolve("bare.onnx")), "without a preprocessing contract");
        refused(TinyModel.write(folder.resolve("json.onnx"), "{"), "an invalid preprocessing contract");
    }

    @Test
    void refusesAModelThatDoesNotFitItsContract() throws IOException {
        PreprocessContract right = TinyModel.contract();
        refused(
                TinyModel.write(folder.resolve("labels.onnx"), with(right, "input", List.of("a", "b"))),
                "output logits of shape [-1, 3]");
        refused(
                TinyModel.write(folder.resolve("input.onnx"), with(right, "data", right.labels())),
                "the inputs [input], expected one named data");
    }

    @Test
    void refusesElementTypesThatAreNotFloats() throws IOException {
        ModelProto.Builder doubleInput = TinyModel.model();
        GraphProto.Builder graph = doubleInput.getGraphBuilder();
        setType(graph.getInputBuilder(0), TensorProto.DataType.DOUBLE);
        graph.getNodeBuilder(0).setInput(0, "floats");
        graph.addNode(0, cast("input", "floats", TensorProto.DataType.FLOAT));
        refused(write("double-input.onnx", doubleInput), "input input of type double, expected 32-bit floats");

        ModelProto.Builder wholeLogits = TinyModel.model();
        graph = wholeLogits.getGraphBuilder();
        setType(graph.getOutputBuilder(0), TensorProto.DataType.INT64);
        graph.getNodeBuilder(1).setOutput(0, "floats");
        graph.addNode(cast("floats", "logits", TensorProto.DataType.INT64));
        refused(write("whole-logits.onnx", wholeLogits), "output logits of type int64, expected 32-bit floats");
    }

    @Test
    void refusesInputsAndOutputsThatNobodyWouldFillOrRead() throws IOException {
        ModelProto.Builder twoInputs = TinyModel.model();
        GraphProto.Builder graph = twoInputs.getGraphBuilder();
        graph.addInput(graph.getInput(0).toBuilder().setName("mask"));
        refused(write("two-inputs.onnx", twoInputs), "the inputs [input, mask], expected one named input");

        ModelProto.Builder twoOutputs = TinyModel.model();
        graph = twoOutputs.getGraphBuilder();
        graph.addOutput(graph.getOutput(0).toBuilder().setName("copy"));
        graph.addNode(
                NodeProto.newBuilder().setOpType("Identity").addInput("logits").addOutput("copy"));
        refused(write("two-outputs.onnx", twoOutputs), "the outputs [logits, copy], expected one");
    }

    @Test
    void refusesATensorOfAnotherSize() throws IOException {
        try (Classifier classifier = Classifier.open(TinyModel.write(folder.resolve("tiny.onnx")))) {
            int size = classifier.contract().tensorSize();
            // What the buffer holds beyond its limit was there before and is none of the tensor's.
            for (int count : new int[] {0, size - 1, size + 1}) {
                FloatBuffer tensor = FloatBuffer.allocate(2 * size).limit(count);
                IllegalArgumentException e =
                        assertThrows(IllegalArgumentException.class, () -> classifier.logits(tensor));
                assertEquals("a tensor of " + count + " values, expected " + size, e.getMessage());
            }
        }
    }

    @Test
    void aSecondThreadIsRefusedAndTheFirstUndisturbed() throws Exception {
        Image picture = colored(8, 8, 0, 255, 0);
        try (Classifier classifier = Classifier.open(TinyModel.write(folder.resolve("tiny.onnx")))) {
            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                Preprocessor preprocessor = new Preprocessor(classifier.contract());
                // In the middle of the first thread's call.
                float[] logits = classifier.run(input -> {
                    preprocessor.preprocess(picture, input);
                    for (Runnable call :
                            List.<Runnable>of(() -> classifier.logits(colored(8, 8, 255, 0, 0)), classifier::close)) {
                        Future<?> second = other.submit(call);
                        ExecutionException e = assertThrows(ExecutionException.class, second::get);
                        assertEquals(IllegalStateException.class, e.getCause().getClass());
                        assertEquals(
                                "two threads use one classifier; each needs its own, from Model.newClassifier",
                                e.getCause().getMessage());
                    }
                });
                assertArrayEquals(new float[] {0, TinyModel.GAIN, 0}, logits, 1e-5f);
                // And for other threads in turn it is as good as new.
                assertArrayEquals(
                        logits, other.submit(() -> classifier.logits(picture)).get());
            } finally {
                other.shutdown();
            }
        }
    }

    @Test
    void aPictureThatFailsLeavesItUsable() throws IOException {
        try (Classifier classifier = Classifier.open(TinyModel.write(folder.resolve("tiny.onnx")))) {
            assertThrows(GlintException.class, () -> classifier.classify(folder.resolve("absent.png"), 1));
            assertThrows(
                    ArithmeticException.class,
                    () -> classifier.run(input -> {
                        throw new ArithmeticException();
                    }));
            assertEquals(
                    "blue", classifier.classify(colored(1, 1, 0, 0, 9), 1).top().label());
        }
    }

    @Test
    void closingTwiceIsClosingOnce() throws IOException {
        Classifier classifier = Classifier.open(TinyModel.write(folder.resolve("tiny.onnx")));
        classifier.close();
        classifier.close();
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> classifier.logits(colored(8, 8, 0, 0, 0)));
        assertEquals("the classifier is closed", e.getMessage());
    }

    private Path write(String name, ModelProto.Builder model) throws IOException {
        return Files.write(folder.resolve(name), model.build().toByteArray());
    }

    private static void setType(ValueInfoProto.Builder value, TensorProto.DataType type) {
        value.getTypeBuilder().getTensorTypeBuilder().setElemType(type.getNumber());
    }

    private static NodeProto cast(String input, String output, TensorProto.DataType type) {
        return NodeProto.newBuilder()
                .setOpType("Cast")
                .addInput(input)
                .addOutput(output)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(type.getNumber()))
                .build();
    }

    private static String with(PreprocessContract c, String inputName, List<String> labels) {
        return new PreprocessContract(
                        c.colorSpace(),
                        c.alpha(),
                        c.orientation(),
                        c.sixteenBit(),
                        c.steps(),
                        c.scale(),
                        c.mean(),
                        c.std(),
                        c.width(),
                        c.height(),
                        inputName,
                        labels)
                .toJson();
    }

    private static void refused(Path model, String found) {
        GlintException e =
                assertThrows(GlintException.class, () -> Classifier.open(model).close());
        assertEquals(Reason.MODEL, e.reason());
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith(model + ": "), message);
        assertTrue(message.contains(found), message);
        assertEquals(1, message.lines().count(), message);
    }

    private static Image colored(int width, int height, int red, int green, int blue) {
        byte[] samples = new byte[width * height * 3];
        for (int i = 0; i < samples.length; i += 3) {
            samples[i] = (byte) red;
            samples[i + 1] = (byte) green;
            samples[i + 2] = (byte) blue;
        }
        return new Image(width, height, Mode.RGB, samples);
    }
}
