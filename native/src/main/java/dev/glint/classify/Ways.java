package dev.glint.classify;

import dev.glint.classify.batch.Batch;
import dev.glint.classify.batch.DriftCount;
import dev.glint.classify.batch.FolderWatch;
import dev.glint.classify.batch.MinProbability;
import dev.glint.classify.batch.NamedPictures;
import dev.glint.classify.batch.Picture;
import dev.glint.classify.batch.PictureAhead;
import dev.glint.classify.batch.PictureLogits;
import dev.glint.classify.batch.ResultFormat;
import dev.glint.classify.frames.FrameFormat;
import dev.glint.classify.frames.FrameLoop;
import dev.glint.console.Streams;
import dev.glint.console.Suggestion;
import dev.glint.console.Text;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFile;
import dev.glint.runtime.model.Prediction;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ways in which pictures come to {@code classify}, and the one that a command line means. */
final class Ways {
    private final Streams streams;
    private final CommonOptions common;
    private final MoreOptions more;
    private final int topK;
    private final List<String> images;
    private final ResultFormat format;
    private final MinProbability minProbability;
    private final int workers;
    private final Optional<FrameFormat> frames;
    private @Nullable NamedPictures pictures;
    private @Nullable PictureAhead ahead;

    /**
     * Checks the options; the model is opened after that.
     *
     * @throws GlintException ({@code USAGE}) if they make no sense
     */
    Ways(Streams streams, CommonOptions common, MoreOptions more, int topK, List<String> images) {
        this.streams = streams;
        this.common = common;
        this.more = more;
        this.topK = topK;
        this.images = images;
        this.format = more.format(common.json);
        this.minProbability = more.batch.minProbability();
        this.workers = more.batch.workers();
        this.frames = Optional.ofNullable(more.stream.stream).map(FrameFormat::parse);
    }

    /** Begins to decode the first picture while the model is opened, which takes longer. */
    void lookAhead(PreprocessContract contract) {
        if (frames.isEmpty() && more.watch.watch == null) {
            NamedPictures found = named(streams);
            pictures = found;
            ahead = PictureAhead.start(found.peek(1), contract.decodeOptions());
        }
    }

    /** How many pictures there will be; {@link Long#MAX_VALUE} if that is open, or would cost a look into folders. */
    long pictures() {
        if (frames.isPresent() || more.watch.watch != null) {
            return Long.MAX_VALUE;
        }
        for (String image : images) {
            if (isPattern(image) || Files.isDirectory(Path.of(image))) {
                return Long.MAX_VALUE;
            }
        }
        return images.size();
    }

    private static boolean isPattern(String image) {
        return image.indexOf('*') >= 0 || image.indexOf('?') >= 0 || image.indexOf('{') >= 0 || image.indexOf('[') >= 0;
    }

    /** Classifies; returns the exit code. */
    int run(ModelFile read, Model model) throws IOException {
        if (more.drift == null) {
            return run(model, new PlainLogits());
        }
        try (DriftCount drift = new DriftCount(more.drift, read, this::note)) {
            return run(model, drift);
        }
    }

    private void note(String text) {
        streams.err().println("note: " + Text.printable(text));
    }

    /** A class, because the builder of a native image refuses to keep lambdas of interfaces that are not the JDK's. */
    private static final class PlainLogits implements PictureLogits {
        @Override
        public float[] logits(Classifier classifier, Image picture) {
            return classifier.logits(picture);
        }
    }

    private int run(Model model, PictureLogits logits) throws IOException {
        if (frames.isPresent()) {
            return loop(frames.get(), logits).run(model);
        }
        Batch batch = new Batch(
                streams,
                common.debug,
                format,
                topK,
                workers,
                (picture, classifier) -> answer(picture, classifier, logits));
        if (more.watch.watch != null) {
            try (FolderWatch watch = new FolderWatch(more.watch.watch, more.watch.existing)) {
                return batch.runOpenEnd(watch, model);
            }
        }
        return batch.run(pictures == null ? named(streams) : pictures, model, this::count);
    }

    private FrameLoop loop(FrameFormat camera, PictureLogits logits) {
        return new FrameLoop(
                streams,
                common.debug,
                camera,
                more.stream.every,
                more.stream.latest,
                more.stream.smooth,
                minProbability,
                logits);
    }

    private NamedPictures named(Streams notes) {
        return new NamedPictures(images, more.batch.recursive, notes);
    }

    /** Counts the pictures, for who watches how far it has come. */
    private long count() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        NamedPictures all =
                named(new Streams(streams.in(), streams.out(), nowhere, Optional.empty(), streams.environment()));
        long count = 0;
        while (all.next().isPresent()) {
            count++;
        }
        return count;
    }

    private Prediction answer(Picture picture, Classifier classifier, PictureLogits logits) {
        Image image = decode(picture, classifier);
        PreprocessContract contract = classifier.contract();
        float[] output = logits.logits(classifier, image);
        return minProbability.settle(Prediction.fromOutput(contract.output(), output, contract.labels(), topK));
    }

    private Image decode(Picture picture, Classifier classifier) {
        try {
            return ahead == null ? picture.decode(classifier.contract().decodeOptions()) : ahead.decode(picture);
        } catch (GlintException e) {
            // A verb that is misspelled looks like a picture.
            boolean first = !images.isEmpty() && picture.name().equals(images.get(0));
            Optional<String> verb = first && Files.notExists(Path.of(picture.name()))
                    ? Suggestion.nearest(picture.name(), Verb.words())
                    : Optional.empty();
            throw verb.map(word ->
                            e.withAlternative("did you mean the verb " + word + ", as in classify " + word + "?"))
                    .orElse(e);
        }
    }
}
