package dev.glint.classify;

import dev.glint.console.Streams;
import dev.glint.console.Suggestion;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    public Integer call() throws IOException {
        if (topK < 1) {
            throw GlintException.failure(Reason.USAGE, "--top-k " + topK, "1 or more", "leave it out for 5");
        }
        Path file = model.file(streams.environment());
        List<Picture> pictures = Picture.find(images, streams);
        try (Model opened = model.open(file, streams);
                Classifier classifier = opened.newClassifier();
                Results results = common.json
                        ? new Results.Json(streams.out(), file.getFileName().toString())
                        : new Results.ForPeople(
                                streams.out(), pictures, classifier.contract().labels(), topK)) {
            try {
                return new EachPicture(streams, common.debug, results::addFailure)
                        .process(
                                pictures,
                                picture -> results.add(
                                        picture.name(), classifier.classify(decode(picture, classifier), topK)));
            } catch (IOException | RuntimeException | Error e) {
                results.cutShort(e);
                throw e;
            }
        }
    }

    private Image decode(Picture picture, Classifier classifier) {
        try {
            return picture.decode(classifier.contract().decodeOptions());
        } catch (GlintException e) {
            // A verb that is misspelled looks like a picture.
            Optional<String> verb = picture.name().equals(images.get(0)) && Files.notExists(Path.of(picture.name()))
                    ? Suggestion.nearest(picture.name(), Verb.words())
                    : Optional.empty();
            throw verb.map(word ->
                            e.withAlternative("did you mean the verb " + word + ", as in classify " + word + "?"))
                    .orElse(e);
        }
    }
}
