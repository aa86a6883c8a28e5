package dev.glint.samples.embedding;

import dev.glint.runtime.decode.PictureFiles;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.Prediction;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Copies pictures into a folder per label: {@code SortPictures MODEL FROM TO}. What the model is not sure of goes to {@code unsure},
 * what is no picture stays where it is and is named on standard error.
 */
public final class SortPictures {
    private static final double SURE = 0.6;
    private static final String UNSURE = "unsure";

    private final Model model;
    private final Path source;
    private final Path target;

    private SortPictures(Model model, Path source, Path target) {
        this.model = model;
        this.source = source;
        this.target = target;
    }

    /** Prints how many pictures went into each folder. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 3) {
            System.err.println("found " + args.length + " arguments, expected MODEL FROM TO");
            System.exit(2);
        }
        // Opened once for all threads; each of them classifies with a classifier of its own.
        try (Model model = Model.open(Path.of(args[0]))) {
            System.out.println(new SortPictures(model, Path.of(args[1]), Path.of(args[2]))
                    .sort(Runtime.getRuntime().availableProcessors()));
        } catch (GlintException e) {
            System.err.println(e.getMessage());
            System.exit(e.reason().exitCode());
        }
    }

    private Map<String, Integer> sort(int threads) throws IOException, InterruptedException {
        ConcurrentLinkedQueue<Path> waiting = new ConcurrentLinkedQueue<>(PictureFiles.list(source));
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            Map<String, Integer> counts = new TreeMap<>();
            List<Callable<Map<String, Integer>>> parts = Stream.<Callable<Map<String, Integer>>>generate(
                            () -> () -> sort(waiting))
                    .limit(threads)
                    .toList();
            for (Future<Map<String, Integer>> part : workers.invokeAll(parts)) {
                part.get().forEach((label, count) -> counts.merge(label, count, Integer::sum));
            }
            return counts;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof GlintException known ? known : new IllegalStateException(e.getCause());
        } finally {
            workers.shutdown();
        }
    }

    private Map<String, Integer> sort(ConcurrentLinkedQueue<Path> waiting) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        try (Classifier classifier = model.newClassifier()) {
            for (Path picture = waiting.poll(); picture != null; picture = waiting.poll()) {
                try {
                    Prediction.Candidate best = classifier.classify(picture, 1).top();
                    String folder = best.probability() < SURE ? UNSURE : best.label();
                    Path copy = target.resolve(folder).resolve(source.relativize(picture));
                    Files.createDirectories(copy.getParent());
                    Files.copy(picture, copy);
                    counts.merge(folder, 1, Integer::sum);
                } catch (GlintException notAPicture) {
                    System.err.println(notAPicture.getMessage());
                } catch (FileAlreadyExistsException e) {
                    System.err.println(e.getFile() + ": found a file, expected none; name an empty folder");
                }
            }
        }
        return counts;
    }
}
