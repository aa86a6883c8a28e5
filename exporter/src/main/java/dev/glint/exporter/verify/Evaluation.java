package dev.glint.exporter.verify;

import dev.glint.runtime.model.Classifier;
import dev.glint.trainer.data.PictureSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Judges a model file as a device would: picture by picture, through the contract that is in the file. */
public final class Evaluation {
    private Evaluation() {}

    /**
     * Classifies a test set, on as many threads as there are processors.
     *
     * @param progress is told, by any thread, how many pictures are done; what it throws ends the evaluation
     * @throws dev.glint.runtime.failure.GlintException if the model or a picture cannot be used
     */
    public static Accuracy accuracy(Path model, PictureSet pictures, IntConsumer progress) {
        int workers = Math.min(Runtime.getRuntime().availableProcessors(), pictures.size());
        AtomicInteger next = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        try {
            List<Future<Integer>> shares = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                shares.add(pool.submit(() -> share(model, pictures, next, done, progress)));
            }
            int correct = 0;
            for (Future<Integer> share : shares) {
                correct += share.get();
            }
            return new Accuracy(correct, pictures.size());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            next.set(pictures.size());
            pool.shutdown();
        }
    }

    /** One worker's share: whichever pictures it gets hold of, with a classifier of its own. */
    private static int share(
            Path model, PictureSet pictures, AtomicInteger next, AtomicInteger done, IntConsumer progress) {
        int correct = 0;
        try (Classifier classifier = Classifier.open(model)) {
            int i;
            while ((i = next.getAndIncrement()) < pictures.size()) {
                int answer = classifier.classify(pictures.picture(i), 1).top().index();
                correct += answer == pictures.label(i) ? 1 : 0;
                progress.accept(done.incrementAndGet());
            }
        }
        return correct;
    }
}
