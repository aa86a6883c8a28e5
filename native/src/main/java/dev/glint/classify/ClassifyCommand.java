package dev.glint.classify;

import dev.glint.console.Streams;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code classify IMAGE...}: pictures in, labels out. */
@Command(
        name = "classify",
        mixinStandardHelpOptions = true,
        description = {
            "Says what is in a picture.",
            "With several pictures a broken one does not stop the others; the exit code is that of the first failure."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:fine",
            "1:internal error",
            "2:a command line that makes no sense",
            "3:an unreadable or invalid picture, or an installation that is not whole",
            "4:an invalid model",
            "6:a limit exceeded",
            "130:interrupted, or the reader of the output went away"
        })
final class ClassifyCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    final ModelOptions model = new ModelOptions();

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = {"-k", "--top-k"},
            paramLabel = "N",
            defaultValue = "5",
            description = "Most probable classes to print (default: ${DEFAULT-VALUE}).")
    int topK = 5;

    /** The options that it also obeys, to be added to its command line where one of them is meant. */
    final MoreOptions more = new MoreOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "IMAGE",
            description = {
                "Picture files, folders (all pictures in them), or - for standard input.",
                "Patterns such as 'photos/**/*.jpg' are matched here where the shell has not done it."
            })
    List<String> images = new ArrayList<>();

    ClassifyCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        if (topK < 1) {
            throw GlintException.failure(Reason.USAGE, "--top-k " + topK, "1 or more", "leave it out for 5");
        }
        more.check(images, common.json);
        Ways ways = new Ways(streams, common, more, topK, images);
        ModelFile read = model.read(streams);
        ways.lookAhead(read.contract());
        try (Model opened = model.open(read, more.engines, ways.pictures(), streams)) {
            return ways.run(read, opened);
        }
    }
}
