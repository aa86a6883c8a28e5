package dev.glint.exporter.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.job.LayerSettings;
import dev.glint.exporter.job.QuantizeJob;
import dev.glint.onnx.quantize.LayerReport;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exporter quantize}. */
@Command(
        name = "quantize",
        description = {
            "Writes int8.onnx, or other variants, beside the fp32.onnx of a model folder.",
            "",
            "In int8 activations become unsigned bytes, weights signed bytes with a scale per channel. The ranges come from"
                    + " calibration pictures, decoded and preprocessed as the model's contract says.",
            "",
            "The answers are compared with those of fp32.onnx: on the pictures of --data, without them on noise and on"
                    + " pictures that are not calibrated with. If too little is left of them nothing is written. The model"
                    + " folder stands for a variant only if that answers alike and faster.",
            "",
            "Variants: int8; int8-s8s8 (signed activations, for ARM boards); int8-per-tensor (one scale for the weights of a"
                    + " layer); int8-reduced (weights of 7 bits, for x86 before VNNI); int8-tensorrt (symmetric, placed as"
                    + " TensorRT wants it); int8-dynamic (ranges found while it runs); int8-weights and fp16 (small files,"
                    + " float arithmetic)."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class QuantizeCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.exporter.quantize/1";

    @Parameters(paramLabel = "MODEL", description = "model folder, or the fp32.onnx in one")
    private Path model = Path.of("");

    @Option(
            names = "--variants",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "int8",
            description = "what to write: all, or names with commas between; default ${DEFAULT-VALUE}")
    private List<String> variants = List.of();

    @Mixin
    private CalibrationOptions calibration = new CalibrationOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR|RUN",
            description = "what accuracy is measured with: a folder per class, or a run, which stands for its held-out"
                    + " pictures; default the run that is given with --calibration, if one is")
    private @Nullable Path data;

    @Mixin
    private GateOptions gates = new GateOptions();

    @Option(
            names = "--head",
            paramLabel = "TYPE",
            defaultValue = "float",
            description = "type of the global average pool and the linear layers, ${COMPLETION-CANDIDATES}; default"
                    + " ${DEFAULT-VALUE}: less error at no cost for small networks")
    private Head head = Head.FLOAT;

    @Mixin
    private CorrectionOptions corrections = new CorrectionOptions();

    @Mixin
    private FallbackOptions fallback = new FallbackOptions();

    @Mixin
    private GoldenOption golden = new GoldenOption();

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        List<LayerReport> explained = new ArrayList<>();
        List<QuantizationDraft> drafts = new ArrayList<>();
        List<Profile> profiles = profiles();
        if (fallback.plan().isPresent() && profiles.size() > 1) {
            throw GlintException.failure(Reason.USAGE, profiles.size() + " variants", "one", "name one with --variants")
                    .about("--plan");
        }
        QuantizeJob job = new QuantizeJob(
                model,
                calibration.settings(),
                layers(drafts::add, explained::addAll),
                Optional.ofNullable(data),
                profiles,
                gates.gates(),
                golden.folder());
        return Reporter.run(spec.commandLine(), listener -> {
            Manifest manifest = job.run(listener);
            if (fallback.plan().isPresent()) {
                Gson indented = new GsonBuilder()
                        .disableHtmlEscaping()
                        .setPrettyPrinting()
                        .create();
                AtomicFile.write(
                        fallback.plan().get(), indented.toJson(drafts.get(0).toJson()) + "\n");
            }
            if (!json) {
                return LayerTable.text(explained) + ManifestReport.table(manifest) + "\nwritten to " + model;
            }
            JsonObject result = ManifestReport.json(SCHEMA, model, manifest);
            if (fallback.explain()) {
                result.add("layers", LayerTable.json(explained));
                JsonArray plans = new JsonArray();
                drafts.forEach(draft -> plans.add(draft.toJson()));
                result.add("plans", plans);
            }
            return JsonText.line(result);
        });
    }

    private List<Profile> profiles() {
        List<Profile> all = Profile.all(head);
        if (variants.equals(List.of("all"))) {
            return all;
        }
        return variants.stream().distinct().map(this::profile).toList();
    }

    private Profile profile(String name) {
        return Profile.named(name, head)
                .orElseThrow(() -> GlintException.failure(
                                Reason.USAGE,
                                name,
                                Profile.all(head).stream().map(Profile::name).collect(Collectors.joining(", "))
                                        + ", or all",
                                "correct the option")
                        .about("--variants"));
    }

    private LayerSettings layers(Consumer<QuantizationDraft> drafts, Consumer<List<LayerReport>> explanation) {
        return new LayerSettings(
                corrections.corrections(),
                fallback.nodes(),
                fallback.search(),
                drafts,
                fallback.explain() ? Optional.of(explanation) : Optional.empty());
    }
}
