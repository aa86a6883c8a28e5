package dev.glint.exporter.cli;

import com.google.gson.JsonObject;
import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.exporter.folder.Origin;
import dev.glint.exporter.job.ImportJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exporter import}. */
@Command(
        name = "import",
        description = {
            "Makes a model folder of a classifier that PyTorch, TensorFlow, Keras or another tool exported as an ONNX file.",
            "",
            "Operator sets 7 to 21. What the file does not say, you do: nothing is guessed. The graph is normalised, and its"
                    + " answers are compared with the file's own in ONNX Runtime; if they differ, nothing is written."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ImportCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.exporter.import/1";

    @Parameters(
            paramLabel = "FILE.onnx",
            description = "ONNX file, with the files of its tensors beside it if it has such")
    private Path file = Path.of("");

    @Option(names = "--out", paramLabel = "MODEL", required = true, description = "model folder, new or empty")
    private Path out = Path.of("");

    @Option(names = "--force", description = "replace a model that is already there, its variants included")
    private boolean force;

    @Option(
            names = "--output",
            paramLabel = "NAME",
            description = "the output with the classes; not needed if only one has a value for each label")
    private @Nullable String output;

    @Option(
            names = "--pictures",
            paramLabel = "DIR",
            description = "pictures, with no labels, to compare file and model on as well")
    private @Nullable Path pictures;

    @Option(
            names = "--data",
            paramLabel = "DIR|RUN",
            description =
                    "what accuracy is measured with: a folder per class, named as its label, or a run, which stands for its"
                            + " held-out pictures")
    private @Nullable Path data;

    @Mixin
    private GoldenOption golden = new GoldenOption();

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @ArgGroup(validate = false, heading = "%nClasses and pictures:%n")
    private ContractOptions contract = new ContractOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        ImportJob job = new ImportJob(
                file,
                contract.source(spec.commandLine().getErr()::println),
                Optional.ofNullable(output),
                Optional.ofNullable(pictures),
                Optional.ofNullable(data),
                golden.folder());
        return Reporter.run(spec.commandLine(), listener -> {
            ImportJob.Result result = job.run(out, force, listener);
            return json ? json(result) : text(result);
        });
    }

    private String text(ImportJob.Result result) {
        Origin origin = result.origin();
        StringBuilder text = new StringBuilder();
        origin.steps().forEach(step -> text.append("  ").append(step).append('\n'));
        return "from " + OriginReport.line(origin) + ":\n" + text + ManifestReport.table(result.manifest())
                + "\nanswers as the file: " + origin.proof() + "\nwritten to " + out;
    }

    private String json(ImportJob.Result result) {
        JsonObject object = ManifestReport.json(SCHEMA, out, result.manifest());
        return JsonText.line(object);
    }
}
