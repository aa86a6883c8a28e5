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

/** Judges models as a device would: picture by picture, each model through the contract that is in its file. */
public final class Evaluation {
    private final List<Model> models;
    private final TestSet test;
    private final IntConsumer progress;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    private Evaluation(List<Model> models, TestSet test, IntConsumer progress) {
        this.models = models;
        this.test = test;
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
        return new Evaluation(List.copyOf(models), test, progress).run();
    }

    private List<Accuracy> run() {
        int pictures = test.pictures().size();
        int workers = Math.min(Runtime.getRuntime().availableProcessors(), pictures);
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        try {
            List<Future<int[]>> parts = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                parts.add(pool.submit(this::part));
            }
            int[] correct = new int[models.size()];
            for (Future<int[]> part : parts) {
                int[] ofPart = part.get();
                for (int m = 0; m < correct.length; m++) {
                    correct[m] += ofPart[m];
                }
            }
            List<Accuracy> accuracies = new ArrayList<>();
            for (int right : correct) {
                accuracies.add(new Accuracy(right, pictures));
            }
            return accuracies;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            next.set(pictures);
            pool.shutdown();
        }
    }

    /** One worker's share: whichever pictures it gets hold of, with classifiers of its own. */
    private int[] part() {
        int[] correct = new int[models.size()];
        List<Classifier> classifiers = new ArrayList<>();
        try {
            models.forEach(model -> classifiers.add(model.newClassifier()));
            int index;
            while ((index = next.getAndIncrement()) < test.pictures().size()) {
                classify(index, classifiers, correct);
                progress.accept(done.incrementAndGet());
            }
            return correct;
        } finally {
            classifiers.forEach(Classifier::close);
        }
    }

    private void classify(int index, List<Classifier> classifiers, int[] correct) {
        Map<DecodeOptions, Image> decoded = new HashMap<>();
        try {
            for (int m = 0; m < correct.length; m++) {
                Classifier classifier = classifiers.get(m);
                Image image = decoded.computeIfAbsent(
                        classifier.contract().decodeOptions(),
                        options -> test.pictures().picture(index, options));
                String answer = classifier.classify(image, 1).top().label();
                correct[m] += answer.equals(test.label(index)) ? 1 : 0;
            }
        } catch (GlintException e) {
            throw e.about(test.pictures().name(index));
        }
    }
}
