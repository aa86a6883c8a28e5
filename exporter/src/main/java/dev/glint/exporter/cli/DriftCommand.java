package dev.glint.exporter.cli;

import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.job.DriftJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exporter drift}. */
@Command(
        name = "drift",
        description = {
            "Puts a baseline of drift into every model file of a folder: those of older builds, and of models exported without"
                    + " test pictures, have none.",
            "",
            "It is what pictures are like for the model; classify drift holds those of a device against it. Nothing else of the"
                    + " files changes."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DriftCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.exporter.drift/1";

    @Parameters(paramLabel = "MODEL", description = "model folder")
    private Path model = Path.of("");

    @Option(
            names = "--data",
            paramLabel = "RUN|DIR",
            required = true,
            description = "a run, whose held-out pictures count, or a folder of pictures such as the device should see")
    private Path data = Path.of("");

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        return Reporter.run(spec.commandLine(), listener -> {
            Manifest manifest = DriftJob.run(model, data, listener);
            return json
                    ? JsonText.line(ManifestReport.json(SCHEMA, model, manifest))
                    : ManifestReport.table(manifest) + "\nwritten to " + model;
        });
    }
}
