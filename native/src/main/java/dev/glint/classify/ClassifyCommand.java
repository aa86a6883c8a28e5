package dev.glint.classify;

import dev.glint.console.FailureReport;
import dev.glint.console.Streams;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Classifier;
import java.nio.file.Path;
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
            "3:an unreadable or invalid picture",
            "4:an invalid model",
            "6:a limit exceeded",
            "130:interrupted, or the reader of the output went away"
        })
final class ClassifyCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(
            names = {"-k", "--top-k"},
            paramLabel = "N",
            defaultValue = "5",
            description = "Most probable classes to print (default: ${DEFAULT-VALUE}).")
    private int topK;

    @Parameters(
            arity = "1..*",
            paramLabel = "IMAGE",
            description = "Picture files, folders (all pictures in them), or - for standard input.")
    private List<String> images = new ArrayList<>();

    ClassifyCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        if (topK < 1) {
            throw GlintException.failure(Reason.USAGE, "--top-k " + topK, "1 or more", "leave it out for 5");
        }
        Path file = model.file(streams.environment());
        List<Picture> pictures = Picture.find(images, streams);
        try (Classifier classifier = model.open(file);
                Results results = common.json
                        ? new Results.Json(streams.out(), file.getFileName().toString())
                        : new Results.ForPeople(
                                streams.out(), pictures, classifier.contract().labels(), topK)) {
            return classify(pictures, classifier, results);
        }
    }

    private int classify(List<Picture> pictures, Classifier classifier, Results results) {
        DecodeOptions options = classifier.decodeOptions();
        int exitCode = 0;
        for (Picture picture : pictures) {
            try {
                results.add(picture.name(), classifier.classify(picture.decode(options), topK));
            } catch (GlintException e) {
                if (e.reason() != Reason.INPUT && e.reason() != Reason.LIMIT) {
                    throw e;
                }
                int failed = FailureReport.print(e, streams.err(), common.debug);
                exitCode = exitCode == 0 ? failed : exitCode;
                results.addFailure(picture.name(), e);
            }
        }
        return exitCode;
    }
}
