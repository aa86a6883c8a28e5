package dev.glint.exporter.cli;

import com.google.gson.JsonObject;
import dev.glint.exporter.job.ExportJob;
import dev.glint.trainer.cli.DebugOption;
import dev.glint.trainer.cli.Interruption;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exporter export}. */
@Command(
        name = "export",
        description = {
            "Writes the best weights of a run as fp32.onnx into a model folder.",
            "",
            "The model is checked against the run's block on held-out pictures and tested on all of them."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ExportCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.exporter.export/1";

    @Parameters(paramLabel = "RUN", description = "run folder")
    private Path run = Path.of("");

    @Option(names = "--out", paramLabel = "MODEL", required = true, description = "model folder, new or empty")
    private Path out = Path.of("");

    @Option(names = "--force", description = "replace a model that is already there, its variants included")
    private boolean force;

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter output = spec.commandLine().getOut();
        try (Reporter reporter = new Reporter()) {
            ExportJob.Result result = ExportJob.run(RunFolder.open(run), out, force, reporter);
            output.println(json ? json(result) : text(result));
            output.flush();
            return 0;
        } catch (Interruption.InterruptedWork e) {
            spec.commandLine().getErr().println("interrupted; nothing was written");
            return Interruption.EXIT_CODE;
        }
    }

    private String text(ExportJob.Result result) {
        return ManifestReport.table(result.manifest())
                + String.format(
                        Locale.ROOT,
                        "%nlogits within %.1e of the largest of the run's own%nwritten to %s",
                        result.check().relativeDifference(),
                        out);
    }

    private String json(ExportJob.Result result) {
        JsonObject object = ManifestReport.json(SCHEMA, out, result.manifest());
        object.addProperty(
                "relativeDifference", new BigDecimal(result.check().relativeDifference(), new MathContext(3)));
        return object.toString();
    }
}
