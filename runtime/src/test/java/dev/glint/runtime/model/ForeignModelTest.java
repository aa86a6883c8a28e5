package dev.glint.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.LatencyMeasurement;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.ForeignModel;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models with inputs and outputs of other forms than the trainer's: what the second version of the contract is for. */
class ForeignModelTest {
    private static final Image PICTURE = SyntheticPictures.noise(37, 21, Image.Mode.RGB);

    @TempDir
    private Path folder;

    /** Independent logits say something else of the same picture. */
    static Stream<ForeignModel> everyForm() {
        return Arrays.stream(Layout.values())
                .flatMap(layout -> Stream.of(ColorSpace.RGB, ColorSpace.BGR)
                        .flatMap(colors -> Arrays.stream(ElementType.values())
                                .flatMap(type -> Stream.of(OutputKind.LOGITS, OutputKind.PROBABILITIES)
                                        .map(output -> new ForeignModel(layout, colors, type, output)))));
    }

    @ParameterizedTest
    @MethodSource("everyForm")
    void saysTheSameAsTheTrainersModel(ForeignModel foreign) throws IOException {
        try (Classifier tiny = Classifier.open(TinyModel.write(folder.resolve("tiny.onnx")));
                Classifier other = Classifier.open(foreign.write(folder.resolve("foreign.onnx")))) {
            List<Prediction.Candidate> expected = tiny.classify(PICTURE, 3).candidates();
            List<Prediction.Candidate> found = other.classify(PICTURE, 3).candidates();
            for (int i = 0; i < 3; i++) {
                assertEquals(expected.get(i).label(), found.get(i).label());
                assertEquals(expected.get(i).probability(), found.get(i).probability(), 1e-6);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyForm")
    void tensorsOfItsKindAreTakenAndOthersRefused(ForeignModel foreign) throws IOException {
        try (Classifier classifier = Classifier.open(foreign.write(folder.resolve("foreign.onnx")))) {
            Preprocessor preprocessor = new Preprocessor(classifier.contract());
            Buffer tensor = preprocessor.allocateTensor(1);
            preprocessor.preprocess(PICTURE, tensor);
            assertEquals(
                    Arrays.toString(classifier.logits(PICTURE)), Arrays.toString(classifier.logits(tensor.flip())));
            assertEquals(
                    1,
                    new LatencyMeasurement(0, 1)
                            .measure(List.of(classifier), PICTURE)
                            .size());
            if (foreign.type() == ElementType.UINT8) {
                FloatBuffer floats = FloatBuffer.allocate(classifier.contract().tensorSize());
                assertThrows(IllegalArgumentException.class, () -> classifier.logits(floats));
                assertThrows(IllegalStateException.class, () -> preprocessor.preprocess(PICTURE, floats));
            }
        }
    }

    @Test
    void aModelThatTakesSomethingElseThanItsContractSaysIsRefused() throws IOException {
        ForeignModel bytes = new ForeignModel(Layout.NHWC, ColorSpace.RGB, ElementType.UINT8, OutputKind.PROBABILITIES);
        for (ForeignModel other : List.of(
                new ForeignModel(Layout.NCHW, ColorSpace.RGB, ElementType.UINT8, OutputKind.PROBABILITIES),
                new ForeignModel(Layout.NHWC, ColorSpace.RGB, ElementType.FLOAT32, OutputKind.PROBABILITIES))) {
            ModelProto.Builder swapped = bytes.model();
            swapped.setMetadataProps(0, other.model().getMetadataProps(0));
            Path file =
                    Files.write(folder.resolve("swapped.onnx"), swapped.build().toByteArray());

            GlintException e = assertThrows(GlintException.class, () -> Classifier.open(file));

            assertEquals(Reason.MODEL, e.reason());
            String expected = other.layout() == Layout.NCHW
                    ? "input input of shape [-1, 8, 8, 3], expected 8-bit unsigned integers of shape [N, 3, 8, 8]"
                    : "input input of type uint8, expected 32-bit floats of shape [N, 8, 8, 3]";
            assertTrue(String.valueOf(e.getMessage()).contains(expected), e.getMessage());
        }
    }

    @Test
    void whatAreNoProbabilitiesIsSaid() throws IOException {
        ModelProto.Builder logits =
                new ForeignModel(Layout.NCHW, ColorSpace.RGB, ElementType.FLOAT32, OutputKind.LOGITS).model();
        logits.getMetadataPropsBuilder(0)
                .setValue(logits.getMetadataProps(0).getValue().replace("logits", "probabilities"));
        Path file = Files.write(folder.resolve("logits.onnx"), logits.build().toByteArray());
        try (Classifier classifier = Classifier.open(file)) {
            GlintException e = assertThrows(GlintException.class, () -> classifier.classify(PICTURE, 1));
            assertEquals(Reason.MODEL, e.reason());
            assertTrue(e.getMessage().contains("a probability of "), e.getMessage());
            assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        }
    }
}
