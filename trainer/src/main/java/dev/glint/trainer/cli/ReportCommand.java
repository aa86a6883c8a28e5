package dev.glint.trainer.cli;

import ai.djl.Device;
import com.google.gson.JsonObject;
import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.trainer.report.RunReport;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainer report}. */
@Command(
        name = "report",
        description = {
            "Writes report.html into a run folder again, as trainer fit did at its end.",
            "",
            "The page holds everything it shows and needs no network. Baselines in the folders beside the run, such as"
                    + " runs/hog-svm beside runs/small-vgg (see trainer baseline), are shown if they were judged by the"
                    + " same pictures."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ReportCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.trainer.report/1";

    @Parameters(paramLabel = "RUN", description = "run folder")
    private Path run = Path.of("");

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Path file = RunReport.write(
                RunFolder.open(run), Device.cpu(), spec.commandLine().getErr()::println);
        spec.commandLine().getOut().println(json ? json(file) : file.toString());
        spec.commandLine().getOut().flush();
        return 0;
    }

    private String json(Path file) {
        JsonObject object = new JsonObject();
        object.addProperty("schema", SCHEMA);
        object.addProperty("run", run.toString());
        object.addProperty("report", file.toString());
        return JsonText.line(object);
    }
}
