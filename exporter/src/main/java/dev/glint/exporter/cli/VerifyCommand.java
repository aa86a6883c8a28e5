package dev.glint.exporter.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.console.Text;
import dev.glint.exporter.job.VerifyJob;
import dev.glint.exporter.verify.Check;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exporter verify}. */
@Command(
        name = "verify",
        description = {
            "Looks at all that a model folder says of itself again.",
            "",
            "Of each file: its hash, the rules of ONNX, its contract, its golden samples in every engine. Then the answers of"
                    + " each variant against those of fp32.onnx, and with --data its accuracy against the manifest's; with"
                    + " --run the answers of fp32.onnx against those of the network that it was made of."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.exporter.verify/1";

    @Parameters(paramLabel = "MODEL", description = "model folder")
    private Path model = Path.of("");

    @Option(names = "--run", paramLabel = "RUN", description = "run that fp32.onnx was exported from")
    private @Nullable Path run;

    @Option(
            names = "--data",
            paramLabel = "DIR|RUN",
            description =
                    "what answers and accuracy are measured with: a folder per class, or a run, which stands for its"
                            + " held-out pictures; answers are compared on noise without it")
    private @Nullable Path data;

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        VerifyJob job = new VerifyJob(model, Optional.ofNullable(run), Optional.ofNullable(data));
        List<Check> checks = new ArrayList<>();
        int code = Reporter.run(spec.commandLine(), listener -> {
            checks.addAll(job.run(listener));
            return json ? JsonText.line(toJson(checks)) : toText(checks);
        });
        return code != 0
                ? code
                : checks.stream()
                        .flatMap(check -> check.reason().stream())
                        .findFirst()
                        .map(reason -> reason.exitCode())
                        .orElse(0);
    }

    private static String toText(List<Check> checks) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("file", "check", "", "found")));
        checks.forEach(check -> rows.add(List.of(
                Text.printable(check.subject()),
                check.name(),
                check.outcome().name().toLowerCase(Locale.ROOT),
                Text.printable(check.detail()))));
        return String.join("\n", Text.table(rows));
    }

    private JsonObject toJson(List<Check> checks) {
        JsonObject object = new JsonObject();
        object.addProperty("schema", SCHEMA);
        object.addProperty("model", model.toString());
        object.addProperty("holds", checks.stream().allMatch(Check::holds));
        JsonArray list = new JsonArray();
        checks.forEach(check -> list.add(check.toJson()));
        object.add("checks", list);
        return object;
    }
}
