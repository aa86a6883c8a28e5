package dev.glint.trainer.cli;

import com.google.gson.JsonObject;
import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.console.Progress;
import dev.glint.trainer.engine.DeviceChoice;
import dev.glint.trainer.fit.RangeTest;
import dev.glint.trainer.recipe.Domain;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.report.RangeTestReport;
import dev.glint.trainer.run.RangeTestJob;
import dev.glint.trainer.run.RunConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trainer find-lr}. */
@Command(
        name = "find-lr",
        description = {
            "Finds a learning rate by Smith's range test.",
            "",
            "Fits with a learning rate that rises from step to step until the loss goes up for good, writes the plot"
                    + " as a page that needs no network, and suggests the rate at which the loss falls most steeply behind the"
                    + " plateau that it begins with."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class FindLrCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.trainer.find-lr/1";

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--out", paramLabel = "FILE", description = "the page; default runs/find-lr-NAME.html")
    private @Nullable Path out;

    @Option(
            names = "--from",
            paramLabel = "RATE",
            defaultValue = "1e-5",
            description = "first learning rate; default ${DEFAULT-VALUE}")
    private double from;

    @Option(
            names = "--to",
            paramLabel = "RATE",
            defaultValue = "10",
            description = "last learning rate, if the loss stays low so long; default ${DEFAULT-VALUE}")
    private double to;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "100",
            description = "steps between both; default ${DEFAULT-VALUE}")
    private int steps;

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Options.checked("--from", Domain.POSITIVE, from);
        Options.checked("--to", Domain.POSITIVE, to);
        Options.require(to > from, "--to", Double.toString(to), "more than --from, which is " + from);
        Options.require(steps >= RangeTest.MINIMUM, "--steps", Integer.toString(steps), RangeTest.MINIMUM + " or more");
        RunConfig asked = options.config(new HyperparameterOptions(Hyperparameter.Group.LENGTH));
        DeviceChoice.Chosen device = options.device(asked);
        RunConfig config = asked.onDevice(device.device());
        Path file = out == null ? Path.of("runs", "find-lr-" + config.model().id() + ".html") : out;
        RangeTest test;
        try (Progress progress = new Progress("steps", steps)) {
            test = RangeTestJob.run(
                    config,
                    from,
                    to,
                    steps,
                    progress::stepTo,
                    spec.commandLine().getErr()::println);
        }
        spec.commandLine().getErr().println(options.choice(config));
        device.note().ifPresent(spec.commandLine().getErr()::println);
        RangeTestReport.write(file, config, test);
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? json(test, file)
                                : "suggested --lr " + RangeTestReport.rate(test.suggestion()) + " (lowest loss at "
                                        + RangeTestReport.rate(test.limit()) + "); plot in " + file);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private String json(RangeTest test, Path file) {
        JsonObject object = new JsonObject();
        object.addProperty("schema", SCHEMA);
        object.addProperty("suggestedLearningRate", test.suggestion());
        object.addProperty("lowestLossAt", test.limit());
        object.addProperty("steps", test.points().size());
        object.addProperty("plot", file.toString());
        return JsonText.line(object);
    }
}
