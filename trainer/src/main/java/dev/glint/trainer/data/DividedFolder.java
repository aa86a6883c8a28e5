package dev.glint.trainer.data;

import dev.glint.runtime.decode.FolderContents;
import dev.glint.runtime.decode.PictureFiles;
import dev.glint.runtime.evaluate.ClassFolders;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads pictures from a folder per class; the folders' names, sorted, are the labels. Either the folder has {@code train}
 * and {@code val} or {@code test} in it, with the class folders in each of them, or a part of each class is held out, of
 * {@code train} if there is nothing else.
 */
final class DividedFolder {
    /** What is held out where the folder does not say. */
    static final double HELD_OUT_SHARE = 0.2;

    private static final List<String> TRAIN = List.of("train");
    private static final List<String> VALIDATION = List.of("val", "valid", "validation");
    private static final List<String> TEST = List.of("test");

    private final Path folder;
    private final long seed;
    private final boolean skipBroken;
    private final Consumer<String> notes;
    private final MemoryBudget budget = MemoryBudget.ofHeap();

    private DividedFolder(Path folder, long seed, boolean skipBroken, Consumer<String> notes) {
        this.folder = folder;
        this.seed = seed;
        this.skipBroken = skipBroken;
        this.notes = notes;
    }

    /**
     * Finds the pictures. They are decoded later, unless broken ones are skipped.
     *
     * @param notes is told about each file that is skipped
     * @throws GlintException ({@code INPUT}) naming the folder that is missing, empty or unexpected
     */
    static DataSplit read(Path folder, long seed, boolean skipBroken, Consumer<String> notes) {
        return new DividedFolder(folder, seed, skipBroken, notes).read();
    }

    /** Whether a folder says itself what is held out. */
    static boolean isDivided(Path folder) {
        return part(folder, TRAIN).isPresent()
                && part(folder, VALIDATION).or(() -> part(folder, TEST)).isPresent();
    }

    private DataSplit read() {
        Optional<Path> validation = part(folder, VALIDATION);
        Optional<Path> test = part(folder, TEST);
        Optional<Path> heldOut = validation.or(() -> test);
        Optional<Path> train = part(folder, TRAIN);
        try {
            if (train.isEmpty() || heldOut.isEmpty()) {
                Path all = train.isPresent() && ClassFolders.labels(folder).size() == 1 ? train.get() : folder;
                List<String> labels = labels(all);
                StratifiedSplit split = StratifiedSplit.draw(pictures(all, labels, 0), labels, HELD_OUT_SHARE, seed);
                return new DataSplit(labels, split.train(), split.heldOut());
            }
            List<String> labels = labels(train.get());
            PictureSet judging = pictures(heldOut.get(), labels, 1);
            PictureSet testing = validation.isPresent() && test.isPresent() ? pictures(test.get(), labels, 2) : judging;
            return new DataSplit(labels, pictures(train.get(), labels, 0), judging, testing);
        } catch (GlintException e) {
            throw e.about(folder);
        }
    }

    private static Optional<Path> part(Path folder, List<String> names) {
        return names.stream().map(folder::resolve).filter(Files::isDirectory).findFirst();
    }

    private static List<String> labels(Path folder) {
        List<String> labels = ClassFolders.labels(folder);
        if (labels.size() < 2) {
            throw GlintException.failure(
                            Reason.INPUT,
                            labels.isEmpty() ? "no class folders" : "one class folder, " + labels.get(0),
                            "two or more, each with the pictures of a class",
                            "sort the pictures into a folder per class")
                    .about(folder);
        }
        return labels;
    }

    /** In an order that a seed decides, so that the first of them are of all classes. */
    private PictureSet pictures(Path part, List<String> labels, int stream) {
        TrainingFiles all = new TrainingFiles(ClassFolders.read(part, labels));
        noteOthers(part);
        PictureSet kept = new CachedPictures(skipBroken ? all.readable(labels, notes) : all, budget);
        return new Subset(kept, PictureOrder.shuffled(kept.size(), RandomStream.SPLIT.open(seed, -1 - stream)));
    }

    /** Someone may take them for pictures that are used. */
    private void noteOthers(Path part) {
        FolderContents contents = PictureFiles.search(part);
        Stream.of(contents.unreadPictures(), contents.otherFiles())
                .flatMap(Optional::stream)
                .forEach(clause -> notes.accept(part + ": " + clause));
    }
}
