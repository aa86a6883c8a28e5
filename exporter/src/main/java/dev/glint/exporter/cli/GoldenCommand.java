package dev.glint.exporter.cli;

import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.job.GoldenJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exporter golden}. */
@Command(
        name = "golden",
        description = {
            "Puts golden samples into every model file of a folder: those of older builds have none.",
            "",
            "A golden sample is a picture with the hash of its tensor and the logits that the model gives, and how far these"
                    + " may be off on another machine; classify selftest replays them there. Nothing else of the files changes."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class GoldenCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.exporter.golden/1";

    @Parameters(paramLabel = "MODEL", description = "model folder")
    private Path model = Path.of("");

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
            Manifest manifest = GoldenJob.run(model, golden.folder(), listener);
            return json
                    ? JsonText.line(ManifestReport.json(SCHEMA, model, manifest))
                    : ManifestReport.table(manifest) + "\nwritten to " + model;
        });
    }
}
