package dev.glint.exporter.cli;

import dev.glint.exporter.job.ExportSource;
import dev.glint.exporter.job.LabelFile;
import dev.glint.exporter.job.WeightSource;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.TextFile;
import dev.glint.trainer.cli.ModelNames;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.BlockContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Weights that others have fitted, and what they mean. */
final class WeightOptions {
    @Option(
            names = "--model",
            paramLabel = "NAME",
            completionCandidates = ModelNames.class,
            description = "architecture of the weights: ${COMPLETION-CANDIDATES}")
    private @Nullable String model;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "weights in torchvision's layout, .safetensors or .pth, in place of a run")
    private @Nullable Path weights;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "text file with a label a line, for each class in the order of the weights; pictures are"
                    + " prepared as is usual for the architecture")
    private @Nullable Path labels;

    @Option(
            names = "--contract",
            paramLabel = "FILE",
            description = "contract.json with labels and preprocessing, as in a run folder, in place of --labels")
    private @Nullable Path contract;

    @Option(
            names = "--data",
            paramLabel = "DIR|RUN",
            description =
                    "what accuracy is measured with: a folder per class, named as its label, or a run, which stands"
                            + " for its held-out pictures")
    private @Nullable Path data;

    /**
     * The weights that are asked for.
     *
     * @param notes is told about labels that had to be changed
     * @throws GlintException ({@code USAGE}) if an option is missing or one too many, ({@code INPUT}) or ({@code MODEL}) if
     *     labels, contract or labelled pictures are not as expected
     * @throws IOException if a file cannot be read
     */
    ExportSource open(Consumer<String> notes) throws IOException {
        if (model == null || weights == null || (labels == null && contract == null)) {
            throw usage(
                    "what to export",
                    missing(),
                    "a run, or --model, --weights and one of --labels and --contract",
                    "add what is missing");
        }
        if (labels != null && contract != null) {
            throw usage("--contract", "--labels as well", "one of both", "leave one out");
        }
        Architecture architecture = Architecture.named(model);
        PreprocessContract used = contract != null ? read(contract) : usual(architecture, labels, notes);
        return new WeightSource(architecture, weights, used, Optional.ofNullable(data));
    }

    private String missing() {
        if (model == null && weights == null) {
            return "neither a run nor --weights";
        }
        if (model == null) {
            return "no --model";
        }
        return weights == null ? "no --weights" : "neither --labels nor --contract";
    }

    private static PreprocessContract read(Path file) throws IOException {
        try {
            return BlockContract.require(PreprocessContract.fromJson(TextFile.read(file, Reason.MODEL, "a contract")));
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static PreprocessContract usual(Architecture architecture, @Nullable Path file, Consumer<String> notes)
            throws IOException {
        Path labels = Objects.requireNonNull(file);
        return architecture.input().contract(LabelFile.read(labels).noteRepeated(labels, notes));
    }

    /**
     * Checks that a run alone says what to export.
     *
     * @throws GlintException ({@code USAGE}) if an option does as well
     */
    void requireNone() {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        options.put("--model", model);
        options.put("--weights", weights);
        options.put("--labels", labels);
        options.put("--contract", contract);
        options.put("--data", data);
        options.values().removeIf(Objects::isNull);
        if (!options.isEmpty()) {
            String first = options.keySet().iterator().next();
            throw usage(first, "a run as well", "a run alone, which knows all that", "leave the run or the option out");
        }
    }

    private static GlintException usage(String option, String found, String expected, String remedy) {
        return GlintException.failure(Reason.USAGE, found, expected, remedy).about(option);
    }
}
