package dev.glint.classify;

import dev.glint.classify.batch.Batch;
import dev.glint.classify.batch.MinProbability;
import dev.glint.classify.batch.NamedPictures;
import dev.glint.classify.batch.Picture;
import dev.glint.classify.batch.PictureModel;
import dev.glint.classify.batch.ResultFormat;
import dev.glint.console.Streams;
import dev.glint.console.Suggestion;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
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

    private final MoreOptions more = new MoreOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "IMAGE",
            description = {
                "Picture files, folders (all pictures in them), or - for standard input.",
                "Patterns such as 'photos/**/*.jpg' are matched here where the shell has not done it."
            })
    private List<String> images = new ArrayList<>();

    ClassifyCommand(Streams streams) {
        this.streams = streams;
    }

    /** The options that it also obeys, to be added to its command line. */
    MoreOptions more() {
        return more;
    }

    @Override
    public Integer call() throws IOException {
        if (topK < 1) {
            throw GlintException.failure(Reason.USAGE, "--top-k " + topK, "1 or more", "leave it out for 5");
        }
        if (images.isEmpty()) {
            throw GlintException.failure(
                    Reason.USAGE, "no IMAGE", "a picture, a folder or -", "name one, or see classify --help");
        }
        BatchOptions batch = more.batch;
        ResultFormat format = more.format(common.json);
        MinProbability minProbability = batch.minProbability();
        int workers = batch.workers();
        Path file = model.file(streams.environment());
        NamedPictures pictures = new NamedPictures(images, batch.recursive, streams);
        try (Model opened = model.open(file)) {
            PictureModel answering = (picture, classifier) ->
                    minProbability.settle(classifier.classify(decode(picture, classifier), topK));
            return new Batch(streams, common.debug, format, topK, workers, answering).run(pictures, opened, count());
        }
    }

    /** Counts the pictures, for who watches how far it has come. */
    private LongSupplier count() {
        return () -> {
            Streams silent = new Streams(
                    streams.in(),
                    streams.out(),
                    new PrintWriter(Writer.nullWriter()),
                    Optional.empty(),
                    streams.environment());
            NamedPictures all = new NamedPictures(images, more.batch.recursive, silent);
            long count = 0;
            while (all.next().isPresent()) {
                count++;
            }
            return count;
        };
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
