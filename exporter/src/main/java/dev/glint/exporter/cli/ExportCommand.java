package dev.glint.exporter.cli;

import com.google.gson.JsonObject;
import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.exporter.job.ExportJob;
import dev.glint.exporter.job.ExportSource;
import dev.glint.exporter.job.RunSource;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
            "Writes the best weights of a run, or weights that others have fitted, as fp32.onnx into a model folder.",
            "",
            "The model is checked against the network that it is made of. That of a run is tested on all its held-out"
                    + " pictures, one of other weights on the pictures of --data."
        },
        customSynopsis = {
            "exporter export [--force] [--golden DIR] [--json] [--debug] --out MODEL RUN",
            "exporter export [--force] [--golden DIR] [--json] [--debug] --out MODEL --model NAME --weights FILE",
            "                (--labels FILE | --contract FILE) [--data DIR|RUN]"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ExportCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.exporter.export/1";

    @Parameters(paramLabel = "RUN", arity = "0..1", description = "run folder")
    private @Nullable Path run;

    @Mixin
    private WeightOptions foreign = new WeightOptions();

    @Option(names = "--out", paramLabel = "MODEL", required = true, description = "model folder, new or empty")
    private Path out = Path.of("");

    @Option(names = "--force", description = "replace a model that is already there, its variants included")
    private boolean force;

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
        return Reporter.run(spec.commandLine(), listener -> {
            ExportJob.Result result = ExportJob.run(source(), out, force, golden.folder(), listener);
            return json ? json(result) : text(result);
        });
    }

    private ExportSource source() throws IOException {
        if (run == null) {
            return foreign.open(spec.commandLine().getErr()::println);
        }
        foreign.requireNone();
        return new RunSource(RunFolder.open(run));
    }

    private String text(ExportJob.Result result) {
        return ManifestReport.table(result.manifest())
                + String.format(
                        Locale.ROOT,
                        "%nlogits within %.1e of the largest of the network's own%nwritten to %s",
                        result.check().relativeDifference(),
                        out);
    }

    private String json(ExportJob.Result result) {
        JsonObject object = ManifestReport.json(SCHEMA, out, result.manifest());
        object.addProperty(
                "relativeDifference", new BigDecimal(result.check().relativeDifference(), new MathContext(3)));
        return JsonText.line(object);
    }
}
