package dev.glint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.evaluate.PictureFileSet;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitReviewTest {
    private static final List<String> LABELS = List.of("cat", "dog", "owl");

    /** Gray pictures of one pixel each, which says of which class a picture is. */
    private static PictureSet pictures(int... counts) {
        int size = 0;
        for (int count : counts) {
            size += count;
        }
        byte[] labels = new byte[size];
        byte[] samples = new byte[size];
        int place = 0;
        for (int label = 0; label < counts.length; label++) {
            for (int i = 0; i < counts[label]; i++) {
                labels[place] = (byte) label;
                samples[place] = (byte) place;
                place++;
            }
        }
        return new PackedPictures(1, 1, Image.Mode.GRAY, samples, labels);
    }

    @Test
    void testPicturesThatWereLearntAreCounted() {
        PictureSet train = pictures(20, 10, 10);
        SplitReview copied = SplitReview.review(new DataSplit(LABELS, train, new Subset(train, new int[] {3, 25, 39})));
        assertEquals(3, copied.copies());
        assertEquals(
                List.of("3 of 3 held-out pictures are copies of training pictures, and prove nothing"),
                copied.warnings());
        PictureSet others =
                new PackedPictures(1, 1, Image.Mode.GRAY, new byte[] {(byte) 200, 7, (byte) 201}, new byte[] {0, 1, 2});
        assertEquals(1, SplitReview.review(new DataSplit(LABELS, train, others)).copies());
    }

    @Test
    void strongImbalanceIsNoted() {
        PictureSet judging = pictures(30, 2, 1);
        String warning =
                SplitReview.review(new DataSplit(LABELS, pictures(120, 6, 2), pictures(0, 0, 0), judging))
                        .warnings()
                        .stream()
                        .filter(line -> line.startsWith("the classes are uneven"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(
                "the classes are uneven: 120 training pictures of 'cat', 2 of 'owl' (--class-weights makes rare classes"
                        + " weigh more); to call every picture 'cat' would be right for 90.91 % of the test ones",
                warning);
        assertEquals(
                List.of(),
                SplitReview.review(new DataSplit(LABELS, pictures(18, 6, 2), PLAIN))
                        .warnings(),
                "nine times");
        assertEquals(
                1,
                SplitReview.review(new DataSplit(LABELS, pictures(3, 3, 0), PLAIN))
                        .warnings()
                        .size(),
                "none at all");
        DataSplit balanced = new DataSplit(LABELS, pictures(120, 6, 2), PLAIN).balanced();
        assertTrue(
                SplitReview.review(balanced).warnings().stream().noneMatch(line -> line.contains("--class-weights")));
    }

    private static final PictureSet PLAIN =
            new PackedPictures(1, 1, Image.Mode.GRAY, new byte[] {(byte) 250, (byte) 251}, new byte[] {0, 1});

    @Test
    void saysWhetherThePicturesThatJudgeChoseTheEpoch() {
        DataSplit one = new DataSplit(LABELS, pictures(5, 5, 5), PLAIN);
        assertEquals("which also chose the epoch", SplitReview.review(one).role());
        DataSplit two = new DataSplit(LABELS, pictures(5, 5, 5), pictures(1, 1, 1), PLAIN);
        assertEquals(
                "which had no part in choosing the epoch",
                SplitReview.review(two).role());
    }

    /** Files are compared as they are, whatever they are called. */
    @Test
    void copiesOfFilesAreFoundWithoutDecodingThem(@TempDir Path folder) throws IOException {
        Path first = Files.writeString(folder.resolve("first.png"), "no picture at all");
        Path copy = Files.writeString(folder.resolve("copy.png"), "no picture at all");
        Path other = Files.writeString(folder.resolve("other.png"), "something else");
        PictureSet train = files(first, folder.resolve("missing.png"));
        SplitReview review = SplitReview.review(
                new DataSplit(LABELS, new CachedPictures(train, new MemoryBudget(0)), files(other, copy)));
        assertEquals(1, review.copies());
        assertEquals(copy.toString(), files(other, copy).name(1));
    }

    private static PictureSet files(Path... files) {
        return new PictureFileSet(List.of(files).stream()
                .map(file -> new PictureFileSet.LabelledFile(file, 0))
                .toList());
    }
}
