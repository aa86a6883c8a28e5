package dev.glint.exporter.adopt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.ElementType;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.GeometricStep;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.Size;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ContractDraftTest {
    private static final Optional<List<String>> LABELS = Optional.of(List.of("cat", "dog"));

    private static PictureInput input(int channels, int side) {
        OptionalLong size = side == 0 ? OptionalLong.empty() : OptionalLong.of(side);
        return new PictureInput("data", ElementType.FLOAT, Layout.NCHW, channels, size, size);
    }

    private static ContractDraft draft(Optional<ResizeRule> resize, Optional<Size> size, Optional<List<Double>> mean) {
        return new ContractDraft(
                Optional.empty(),
                resize,
                size,
                Optional.empty(),
                Optional.empty(),
                mean,
                Optional.empty(),
                Optional.empty());
    }

    private static PreprocessContract contract(ContractPreset preset, ContractDraft draft, PictureInput input) {
        return new ContractSource.Statements(draft, Optional.of(preset), Optional.empty(), Optional.empty(), LABELS)
                .contract(input);
    }

    private static final ContractDraft NOTHING = draft(Optional.empty(), Optional.empty(), Optional.empty());
    private static final ContractDraft STRETCHED =
            draft(Optional.of(new ResizeRule.Exact()), Optional.empty(), Optional.empty());

    @Test
    void imagenetIsWhatTorchvisionEvaluatesWith() {
        PreprocessContract contract = contract(ContractPreset.IMAGENET, NOTHING, input(3, 224));
        assertEquals(ColorSpace.RGB, contract.colorSpace());
        assertEquals(
                List.of(
                        new GeometricStep.ResizeShorterSide(256, Interpolation.BILINEAR),
                        new GeometricStep.CenterCrop(224, 224)),
                contract.steps());
        assertEquals(1.0 / 255, contract.scale());
        assertEquals(List.of(0.485, 0.456, 0.406), contract.mean());
        assertEquals(List.of(0.229, 0.224, 0.225), contract.std());
        assertEquals("data", contract.inputName());
    }

    @Test
    void imagenetDecidesTheSizeWhereTheFileLeavesItFree() {
        PreprocessContract contract = contract(ContractPreset.IMAGENET, NOTHING, input(3, 0));
        assertEquals(List.of(3, 224, 224), contract.shape());
    }

    @Test
    void resizeOfAPresetIsNotTakenForAnotherSize() {
        assertRefused("no --resize,", ContractPreset.IMAGENET, NOTHING, input(3, 128));
        ContractDraft small = draft(Optional.empty(), Optional.of(new Size(64, 48)), Optional.empty());
        assertRefused("no --resize,", ContractPreset.IMAGENET, small, input(3, 0));
        PreprocessContract stretched = contract(ContractPreset.IMAGENET, STRETCHED, input(3, 128));
        assertEquals(List.of(new GeometricStep.ResizeExact(128, 128, Interpolation.BILINEAR)), stretched.steps());
    }

    @Test
    void tfIsFromMinusOneToOne() {
        PreprocessContract contract = contract(ContractPreset.TF, STRETCHED, input(3, 96));
        assertEquals(1 / 127.5, contract.scale());
        assertEquals(List.of(1.0, 1.0, 1.0), contract.mean());
        assertEquals(List.of(1.0, 1.0, 1.0), contract.std());
        assertRefused("no --resize,", ContractPreset.TF, NOTHING, input(3, 96));
    }

    @Test
    void caffeSubtractsFromBlueFirst() {
        PreprocessContract contract = contract(ContractPreset.CAFFE, STRETCHED, input(3, 227));
        assertEquals(ColorSpace.BGR, contract.colorSpace());
        assertEquals(1, contract.scale());
        assertEquals(List.of(104.0, 117.0, 123.0), contract.mean());
    }

    @Test
    void mnistIsGrayAndWhatIsSaidOverridesIt() {
        PreprocessContract contract = contract(
                ContractPreset.MNIST,
                draft(Optional.empty(), Optional.empty(), Optional.of(List.of(0.1307))),
                input(1, 28));
        assertEquals(ColorSpace.GRAY, contract.colorSpace());
        assertEquals(List.of(0.1307), contract.mean());
        assertEquals(1.0 / 255, contract.scale());
        assertRefused(
                "--color: found gray, expected pictures of 3 channels", ContractPreset.MNIST, NOTHING, input(3, 28));
    }

    @Test
    void nothingIsGuessed() {
        GlintException e = assertThrows(
                GlintException.class,
                () -> new ContractSource.Statements(
                                NOTHING, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())
                        .contract(input(3, 0)));
        assertEquals(Reason.USAGE, e.reason());
        assertTrue(
                e.getMessage().startsWith("found no --labels, --color, --resize, --size, --scale, --mean, --std, "),
                e.getMessage());
    }

    @Test
    void bytesAreNotNormalized() {
        PictureInput bytes =
                new PictureInput("data", ElementType.UINT8, Layout.NHWC, 1, OptionalLong.of(8), OptionalLong.of(8));
        ContractSource said =
                new ContractSource.Statements(STRETCHED, Optional.empty(), Optional.empty(), Optional.empty(), LABELS);
        PreprocessContract contract = said.contract(bytes);
        assertEquals(1, contract.scale());
        assertEquals(List.of(0.0), contract.mean());
        assertRefused("--scale: found --scale, --mean or --std", ContractPreset.MNIST, STRETCHED, bytes);
    }

    @Test
    void cropIsTheInputsSizeAndNotLargerThanWhatItIsCutFrom() {
        ContractDraft cropped = new ContractDraft(
                Optional.empty(),
                Optional.of(new ResizeRule.ShorterSide(200)),
                Optional.empty(),
                Optional.of(new Size(224, 224)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Interpolation.BICUBIC));
        assertRefused("--crop: found 224x224, expected 96x96", ContractPreset.TF, cropped, input(3, 96));
        assertRefused("--resize: found 200, expected at least 224", ContractPreset.TF, cropped, input(3, 0));
    }

    @Test
    void meansAreForAllChannelsOrForEach() {
        ContractDraft two =
                draft(Optional.of(new ResizeRule.Exact()), Optional.empty(), Optional.of(List.of(1.0, 2.0)));
        assertRefused(
                "--mean: found 2 values, expected one, or one for each of 3", ContractPreset.TF, two, input(3, 96));
    }

    private static void assertRefused(String said, ContractPreset preset, ContractDraft draft, PictureInput input) {
        GlintException e = assertThrows(GlintException.class, () -> contract(preset, draft, input));
        assertEquals(Reason.USAGE, e.reason());
        assertTrue(e.getMessage().contains(said), e.getMessage());
    }
}
