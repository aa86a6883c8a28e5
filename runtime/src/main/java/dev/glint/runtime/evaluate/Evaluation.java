package dev.glint.runtime.evaluate;

import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Judges models as a device would: picture by picture, each model through the contract that is in its file. */
public final class Evaluation {
    private final List<Model> models;
    private final TestSet test;
    private final int[] indices;
    private final boolean[][] right;
    private final IntConsumer progress;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    private Evaluation(List<Model> models, TestSet test, int[] indices, IntConsumer progress) {
        this.models = models;
        this.test = test;
        this.indices = indices;
        this.right = new boolean[models.size()][indices.length];
        this.progress = progress;
    }

    /**
     * Classifies a test set with each model in one pass, a picture per processor at a time; a picture is decoded once for all
     * models that decode alike. An answer is right if it has the name of the picture's label, wherever that stands among the
     * model's own.
     *
     * @param models open; they stay so
     * @param progress is told, by any thread, how many pictures are done; what it throws ends the evaluation
     * @return one accuracy per model, in their order
     * @throws GlintException if a picture cannot be used (an accuracy without it would mislead) or a model fails
     */
    public static List<Accuracy> accuracies(List<Model> models, TestSet test, IntConsumer progress) {
        int pictures = test.pictures().size();
        int[] all = IntStream.range(0, pictures).toArray();
        List<Accuracy> accuracies = new ArrayList<>();
        for (boolean[] answers : rightAnswers(models, test, all, progress)) {
            accuracies.add(new Accuracy(
                    Math.toIntExact(
                            IntStream.range(0, pictures).filter(i -> answers[i]).count()),
                    pictures));
        }
        return accuracies;
    }

    /**
     * The same of some of the pictures, one by one.
     *
     * @param indices which of the set's pictures, at least one
     * @return for each model, in their order, which answers are right, in the order of the indices
     * @throws GlintException as {@link #accuracies}
     */
    public static List<boolean[]> rightAnswers(List<Model> models, TestSet test, int[] indices, IntConsumer progress) {
        return new Evaluation(List.copyOf(models), test, indices, progress).run();
    }

    private List<boolean[]> run() {
        int workers = Math.min(Runtime.getRuntime().availableProcessors(), indices.length);
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        try {
            List<Future<?>> parts = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                parts.add(pool.submit(this::part));
            }
            for (Future<?> part : parts) {
                part.get();
            }
            return List.of(right);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            next.set(indices.length);
            pool.shutdown();
        }
    }

    /** One worker's share: whichever pictures it gets hold of, with classifiers of its own. */
    private void part() {
        List<Classifier> classifiers = new ArrayList<>();
        try {
            models.forEach(model -> classifiers.add(model.newClassifier()));
            int place;
            while ((place = next.getAndIncrement()) < indices.length) {
                classify(place, classifiers);
                progress.accept(done.incrementAndGet());
            }
        } finally {
            classifiers.forEach(Classifier::close);
        }
    }

    private void classify(int place, List<Classifier> classifiers) {
        int index = indices[place];
        Map<DecodeOptions, Image> decoded = new HashMap<>();
        try {
            for (int m = 0; m < right.length; m++) {
                Classifier classifier = classifiers.get(m);
                Image image = decoded.computeIfAbsent(
                        classifier.contract().decodeOptions(),
                        options -> test.pictures().picture(index, options));
                String answer = classifier.classify(image, 1).top().label();
                right[m][place] = answer.equals(test.label(index));
            }
        } catch (GlintException e) {
            throw e.about(test.pictures().name(index));
        }
    }
}
