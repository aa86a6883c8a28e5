package dev.glint.classify.bench;

import dev.glint.classify.bench.TestSet.LabelledPicture;
import dev.glint.console.Progress;
import dev.glint.runtime.model.Classifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often a model's most probable class is the right one.
 *
 * @param correct pictures it got right
 * @param pictures all pictures, at least 1
 */
record Accuracy(int correct, int pictures) {
    Accuracy {
        if (pictures < 1 || correct < 0 || correct > pictures) {
            throw new IllegalArgumentException(correct + " of " + pictures);
        }
    }

    /** The share of correct answers, 0 to 1. */
    double share() {
        return (double) correct / pictures;
    }

    /**
     * Classifies a test set with each variant, a picture per processor at a time.
     *
     * @return one accuracy per variant, in their order
     * @throws dev.glint.runtime.failure.GlintException if a picture is broken: an accuracy without it would mislead
     */
    static List<Accuracy> of(List<Variant> variants, TestSet set, Progress progress) {
        int workers = Math.min(
                Runtime.getRuntime().availableProcessors(), set.pictures().size());
        AtomicInteger next = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        try {
            List<Future<int[]>> parts = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                Callable<int[]> worker = () -> correct(variants, set, next, progress);
                parts.add(pool.submit(worker));
            }
            int[] sum = new int[variants.size()];
            for (Future<int[]> part : parts) {
                int[] correct = part.get();
                for (int v = 0; v < sum.length; v++) {
                    sum[v] += correct[v];
                }
            }
            List<Accuracy> accuracies = new ArrayList<>();
            for (int correct : sum) {
                accuracies.add(new Accuracy(correct, set.pictures().size()));
            }
            return accuracies;
        } catch (ExecutionException e) {
            next.set(set.pictures().size());
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            pool.shutdownNow();
            progress.close();
        }
    }

    /** One worker's share: whichever pictures it gets hold of, with classifiers of its own. */
    private static int[] correct(List<Variant> variants, TestSet set, AtomicInteger next, Progress progress) {
        int[] correct = new int[variants.size()];
        List<Classifier> classifiers = new ArrayList<>();
        try {
            for (Variant variant : variants) {
                classifiers.add(Classifier.open(variant.file()));
            }
            int i;
            while ((i = next.getAndIncrement()) < set.pictures().size()) {
                LabelledPicture picture = set.pictures().get(i);
                for (int v = 0; v < correct.length; v++) {
                    String label =
                            classifiers.get(v).classify(picture.file(), 1).top().label();
                    correct[v] += label.equals(picture.label()) ? 1 : 0;
                }
                progress.step();
            }
            return correct;
        } finally {
            classifiers.forEach(Classifier::close);
        }
    }
}
