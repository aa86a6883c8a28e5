package dev.glint.exporter.cli;

import dev.glint.exporter.adopt.ContractDraft;
import dev.glint.exporter.adopt.ContractPreset;
import dev.glint.exporter.adopt.ContractSource;
import dev.glint.exporter.adopt.ResizeRule;
import dev.glint.exporter.job.LabelFile;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.TextFile;
import dev.glint.runtime.image.Interpolation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a foreign file does not say of its pictures and classes. */
final class ContractOptions {
    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description =
                    "text file with a label a line, for each class in the order of the output; of a single value, two"
                            + " labels, of which it is the second one's")
    private @Nullable Path labels;

    @Option(
            names = "--contract",
            paramLabel = "FILE",
            description =
                    "contract.json with labels and all that pictures go through, in place of the options around this one")
    private @Nullable Path contract;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            completionCandidates = EnumNames.Presets.class,
            converter = EnumNames.Presets.class,
            description =
                    "what is usual for a family of models, ${COMPLETION-CANDIDATES}; an option below overrides it."
                            + " imagenet: RGB, the middle 224x224 of 256, scaled by 1/255, torchvision's mean and std;"
                            + " tf: RGB from -1 to 1; mnist: gray from 0 to 1, 28x28; caffe: BGR from 0 to 255 minus 104, 117, 123")
    private @Nullable ContractPreset preset;

    @Option(
            names = "--color",
            paramLabel = "SPACE",
            completionCandidates = EnumNames.Colors.class,
            converter = EnumNames.Colors.class,
            description =
                    "channels in their order: ${COMPLETION-CANDIDATES}; not needed for gray, which one channel is")
    private @Nullable ColorSpace color;

    @Option(
            names = "--resize",
            paramLabel = "RULE",
            description =
                    "how pictures get their size: exact stretches them; a number is what their shorter side becomes before"
                            + " the middle is cut out; letterbox keeps them whole in a frame of the colour of --fill")
    private @Nullable String resize;

    @Option(names = "--fill", paramLabel = "R,G,B", description = "colour around a letterbox, 0 to 255 each")
    private @Nullable String fill;

    @Option(
            names = "--interpolation",
            paramLabel = "MODE",
            completionCandidates = EnumNames.Interpolations.class,
            converter = EnumNames.Interpolations.class,
            description =
                    "how a resize weighs pixels, as Pillow's modes do: ${COMPLETION-CANDIDATES}; default bilinear")
    private @Nullable Interpolation interpolation;

    @Option(names = "--size", paramLabel = "WxH|N", description = "size of the input, where the file leaves it free")
    private @Nullable String size;

    @Option(names = "--crop", paramLabel = "WxH|N", description = "what is cut from the middle; the size of the input")
    private @Nullable String crop;

    @Option(
            names = "--scale",
            paramLabel = "X",
            description = "what samples from 0 to 255 are multiplied with, as in 1/255")
    private @Nullable String scale;

    @Option(
            names = "--mean",
            paramLabel = "X,...",
            description = "what is subtracted from scaled samples, for all channels or for each in their order")
    private @Nullable String mean;

    @Option(
            names = "--std",
            paramLabel = "X,...",
            description = "what they are divided by then, for all channels or for each in their order")
    private @Nullable String std;

    @Option(
            names = "--layout",
            paramLabel = "ORDER",
            completionCandidates = EnumNames.Layouts.class,
            converter = EnumNames.Layouts.class,
            description = "order of the input's dimensions, where its shape leaves it open: ${COMPLETION-CANDIDATES}")
    private @Nullable Layout layout;

    @Option(
            names = "--output-kind",
            paramLabel = "KIND",
            completionCandidates = EnumNames.OutputKinds.class,
            converter = EnumNames.OutputKinds.class,
            description =
                    "what the output's values are, where no Softmax, LogSoftmax or Sigmoid at the file's end says it:"
                            + " ${COMPLETION-CANDIDATES}; default logits, whose softmax are the probabilities")
    private @Nullable OutputKind outputKind;

    /**
     * Where the contract comes from.
     *
     * @param notes is told about labels that had to be changed
     * @throws GlintException ({@code USAGE}) if an option cannot be read or is one too many, ({@code INPUT}, {@code MODEL}) if a
     *     file's content is not as expected
     * @throws IOException if a file cannot be read
     */
    ContractSource source(Consumer<String> notes) throws IOException {
        if (contract != null) {
            requireAlone();
            return new ContractSource.Whole(read(contract));
        }
        ContractDraft draft = new ContractDraft(
                Optional.ofNullable(color),
                Optional.ofNullable(resize).map(this::rule),
                Optional.ofNullable(size).map(text -> OptionText.size("--size", text)),
                Optional.ofNullable(crop).map(text -> OptionText.size("--crop", text)),
                Optional.ofNullable(scale).map(text -> OptionText.number("--scale", text)),
                Optional.ofNullable(mean).map(text -> OptionText.numbers("--mean", text)),
                Optional.ofNullable(std).map(text -> OptionText.numbers("--std", text)),
                Optional.ofNullable(interpolation));
        return new ContractSource.Statements(
                draft,
                Optional.ofNullable(preset),
                Optional.ofNullable(layout),
                Optional.ofNullable(outputKind),
                labels(notes));
    }

    private Optional<List<String>> labels(Consumer<String> notes) throws IOException {
        return labels == null
                ? Optional.empty()
                : Optional.of(LabelFile.read(labels).noteRepeated(labels, notes));
    }

    private ResizeRule rule(String text) {
        boolean letterbox = text.equals("letterbox");
        if (letterbox != (fill != null)) {
            throw OptionText.usage(
                    letterbox ? "--resize" : "--fill",
                    letterbox ? "letterbox without --fill" : "a colour without --resize letterbox",
                    "both or none");
        }
        if (letterbox) {
            List<Double> color = OptionText.numbers("--fill", Objects.requireNonNull(fill));
            if (color.size() != 3 || color.stream().anyMatch(c -> c < 0 || c > 255 || c != Math.rint(c))) {
                throw OptionText.usage("--fill", Objects.requireNonNull(fill), "three whole numbers from 0 to 255");
            }
            return new ResizeRule.Letterbox(
                    color.get(0).intValue(),
                    color.get(1).intValue(),
                    color.get(2).intValue());
        }
        if (text.equals("exact")) {
            return new ResizeRule.Exact();
        }
        if (!text.matches("[1-9][0-9]{0,4}")) {
            throw OptionText.usage("--resize", text, "exact, letterbox, or the length of the shorter side");
        }
        return new ResizeRule.ShorterSide(Integer.parseInt(text));
    }

    private static PreprocessContract read(Path file) throws IOException {
        try {
            return PreprocessContract.fromJson(TextFile.read(file, Reason.MODEL, "a contract"));
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private void requireAlone() {
        Map<String, @Nullable Object> others = new LinkedHashMap<>();
        others.put("--labels", labels);
        others.put("--preset", preset);
        others.put("--color", color);
        others.put("--resize", resize);
        others.put("--fill", fill);
        others.put("--interpolation", interpolation);
        others.put("--size", size);
        others.put("--crop", crop);
        others.put("--scale", scale);
        others.put("--mean", mean);
        others.put("--std", std);
        others.put("--layout", layout);
        others.put("--output-kind", outputKind);
        others.values().removeIf(Objects::isNull);
        if (!others.isEmpty()) {
            throw GlintException.failure(
                            Reason.USAGE,
                            String.join(", ", others.keySet()) + " as well",
                            "a contract alone, which says all that",
                            "leave one or the other out")
                    .about("--contract");
        }
    }
}
