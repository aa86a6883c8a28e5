package dev.glint.exporter.adopt;

import dev.glint.onnx.graph.ElementType;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.AlphaRule;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.OrientationRule;
import dev.glint.runtime.image.SixteenBitRule;
import dev.glint.runtime.image.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What somebody says that pictures go through before a file sees them. What is empty has to come from a preset or from the
 * file itself; it is never guessed.
 *
 * @param color the channels, in their order
 * @param resize how pictures become as large as the input
 * @param size of the input
 * @param crop what is cut from the middle, which must be the input's size
 * @param scale what 8-bit samples are multiplied with
 * @param mean what is subtracted then, a value per channel or one for all
 * @param std what the difference is divided by, a value per channel or one for all
 * @param interpolation how a resize weighs pixels; bilinear if nobody says
 */
public record ContractDraft(
        Optional<ColorSpace> color,
        Optional<ResizeRule> resize,
        Optional<Size> size,
        Optional<Size> crop,
        Optional<Double> scale,
        Optional<List<Double>> mean,
        Optional<List<Double>> std,
        Optional<Interpolation> interpolation) {

    /** Nothing said. */
    public static ContractDraft empty() {
        return new ContractDraft(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same, where what is empty comes from a preset; not how pictures are resized, if that is made for another size. */
    ContractDraft over(ContractDraft preset, PictureInput input) {
        Optional<Size> own = size.or(() -> crop).or(input::size);
        boolean fits = own.isEmpty() || preset.size.isEmpty() || own.equals(preset.size);
        return new ContractDraft(
                color.or(preset::color),
                fits ? resize.or(preset::resize) : resize,
                fits ? size.or(preset::size) : size,
                crop,
                scale.or(preset::scale),
                mean.or(preset::mean),
                std.or(preset::std),
                interpolation);
    }

    /**
     * The contract of a model that takes 32-bit floats (N, C, H, W) and gives logits, whatever the file takes and gives.
     *
     * @param labels one per class; empty if nobody named them
     * @throws GlintException ({@code USAGE}) naming the options that are missing, or that the file contradicts
     */
    PreprocessContract complete(PictureInput input, Optional<List<String>> labels) {
        try {
            return contract(input, labels);
        } catch (IllegalArgumentException e) {
            throw GlintException.failure(
                            Reason.USAGE,
                            String.valueOf(e.getMessage()),
                            "what a contract can say",
                            "correct the options about pictures")
                    .causedBy(e)
                    .about("the contract");
        }
    }

    private PreprocessContract contract(PictureInput input, Optional<List<String>> labels) {
        requireComplete(input, labels);
        Size known = knownSize(input);
        ColorSpace colors = color.orElse(ColorSpace.GRAY);
        requireOption(
                colors.mode().channels() == input.channels(),
                "--color",
                colors.name().toLowerCase(Locale.ROOT),
                "pictures of " + input.channels() + " channels, which the file takes");
        boolean bytes = input.type() == ElementType.UINT8;
        List<Double> means = perChannel("--mean", mean.orElse(List.of(0.0)), input.channels());
        List<Double> stds = perChannel("--std", std.orElse(List.of(1.0)), input.channels());
        double factor = scale.orElse(1.0);
        requireOption(
                !bytes
                        || factor == 1
                                && means.stream().allMatch(m -> m == 0)
                                && stds.stream().allMatch(s -> s == 1),
                "--scale",
                "--scale, --mean or --std that change samples",
                "none, since the file takes bytes from 0 to 255");
        return new PreprocessContract(
                colors,
                new AlphaRule.Drop(),
                OrientationRule.APPLY,
                SixteenBitRule.AS_PILLOW,
                resize.orElseThrow().steps(known, interpolation.orElse(Interpolation.BILINEAR)),
                factor,
                means,
                stds,
                known.width(),
                known.height(),
                input.name(),
                labels.orElseThrow());
    }

    private void requireComplete(PictureInput input, Optional<List<String>> labels) {
        boolean bytes = input.type() == ElementType.UINT8;
        List<String> missing = new ArrayList<>();
        addUnless(labels.isPresent(), "--labels", missing);
        addUnless(color.isPresent() || input.channels() == 1, "--color", missing);
        addUnless(resize.isPresent(), "--resize", missing);
        addUnless(size.isPresent() || crop.isPresent() || input.size().isPresent(), "--size", missing);
        addUnless(scale.isPresent() || bytes, "--scale", missing);
        addUnless(mean.isPresent() || bytes, "--mean", missing);
        addUnless(std.isPresent() || bytes, "--std", missing);
        if (!missing.isEmpty()) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "no " + String.join(", ", missing),
                    "what the file does not say of its classes and pictures",
                    missing.equals(List.of("--labels"))
                            ? "add it: a file with a label a line"
                            : "add them, or a --preset that decides about pictures, or a --contract for all");
        }
    }

    private static void addUnless(boolean known, String option, List<String> missing) {
        if (!known) {
            missing.add(option);
        }
    }

    /** What the options and the file agree on. */
    private Size knownSize(PictureInput input) {
        Size known = size.or(() -> crop).or(input::size).orElseThrow();
        requireOption(
                input.takes(known),
                size.isPresent() ? "--size" : "--crop",
                text(known),
                input.text() + ", which the file takes");
        requireOption(
                crop.isEmpty() || crop.get().equals(known),
                "--crop",
                crop.map(ContractDraft::text).orElse(""),
                text(known) + ", the size of the input");
        if (resize.orElseThrow() instanceof ResizeRule.ShorterSide shorter) {
            requireOption(
                    shorter.length() >= Math.min(known.width(), known.height()),
                    "--resize",
                    Integer.toString(shorter.length()),
                    "at least " + Math.min(known.width(), known.height()) + ", since " + text(known)
                            + " are cut from it");
        }
        return known;
    }

    private static List<Double> perChannel(String option, List<Double> values, int channels) {
        requireOption(
                values.size() == 1 || values.size() == channels,
                option,
                values.size() + " values",
                "one, or one for each of " + channels + " channels");
        return values.size() == channels ? values : Collections.nCopies(channels, values.get(0));
    }

    private static void requireOption(boolean condition, String option, String found, String expected) {
        if (!condition) {
            throw GlintException.failure(Reason.USAGE, found, expected, "correct the option")
                    .about(option);
        }
    }

    private static String text(Size size) {
        return size.width() + "x" + size.height();
    }
}
