package dev.glint.classify.batch;

import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Prediction;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Classifies in the caller's thread, a picture when its answer is asked for. */
public final class OneByOne implements Answers {
    private final PictureSource pictures;
    private final Classifier classifier;
    private final PictureModel model;
    private @Nullable Picture last;

    /** Closes the classifier in the end. */
    public OneByOne(PictureSource pictures, Classifier classifier, PictureModel model) {
        this.pictures = pictures;
        this.classifier = classifier;
        this.model = model;
    }

    @Override
    public Optional<Picture> next() throws IOException {
        Optional<Picture> next = pictures.next();
        last = next.orElse(null);
        return next;
    }

    @Override
    public Prediction prediction() {
        if (last == null) {
            throw new IllegalStateException("no picture");
        }
        return model.classify(last, classifier);
    }

    @Override
    public void close() {
        classifier.close();
    }
}
