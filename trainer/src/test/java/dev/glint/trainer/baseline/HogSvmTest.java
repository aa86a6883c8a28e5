package dev.glint.trainer.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.fit.ConfusionMatrix;
import dev.glint.trainer.model.NaturalInput;
import dev.glint.trainer.run.RunFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HogSvmTest {
    private static final int CLASSES = 10;

    @TempDir
    private Path folder;

    private HogSvmJob job = job("bars", null, 32);

    private static HogSvmJob job(String data, @Nullable Integer limit, int size) {
        return new HogSvmJob(
                new PictureSelection(DataSpec.parse(data), limit, DataOptions.DEFAULT.sized(size), 1), 0.001);
    }

    /** Ten classes of stripes, 18 degrees apart, in noise: what gradients tell apart and single pixels do not. */
    @BeforeEach
    void writeStripes() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
        for (int i = 1; i <= 5; i++) {
            Files.write(data.resolve("data_batch_" + i + ".bin"), stripes(i, 60));
        }
        Files.write(data.resolve("test_batch.bin"), stripes(6, 100));
        job = job("cifar10:" + data, null, 32);
    }

    private static byte[] stripes(long seed, int pictures) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        Random random = new Random(seed);
        for (int i = 0; i < pictures; i++) {
            int label = i % CLASSES;
            double angle = Math.PI * label / CLASSES;
            double phase = 2 * Math.PI * random.nextDouble();
            records.write(label);
            for (int sample = 0; sample < 3 * 1024; sample++) {
                int x = sample % 32;
                int y = sample / 32 % 32;
                double wave = Math.sin(phase + (x * Math.cos(angle) + y * Math.sin(angle)) * 0.8);
                double value = 128 + 70 * wave + 12 * random.nextGaussian();
                records.write((byte) Math.max(0, Math.min(255, value)));
            }
        }
        return records.toByteArray();
    }

    @Test
    void tellsStripesApartAndRepeatsItself() throws IOException {
        BaselineResult result = job.run(folder.resolve("hog-svm"), false, note -> {});
        assertEquals(300, result.trainPictures());
        assertEquals(100, result.heldOutPictures());
        assertTrue(result.correct() >= 95, "right: " + result.correct());
        assertEquals(
                result.correct(),
                job.run(folder.resolve("again"), false, note -> {}).correct());
        assertEquals(result, BaselineResult.read(folder.resolve("hog-svm")));
    }

    @Test
    void aClassThatWeighsMoreIsMissedLess() throws IOException {
        DataSplit data = DataSpec.parse("bars").open(1).first(200);
        Preprocessor preprocessor = new Preprocessor(
                DataSpec.parse("bars").contract(NaturalInput.CIFAR, DataOptions.DEFAULT.sized(16), data));
        Hog coarse = new Hog(1, 8, 2, true);
        long[] recognized = new long[2];
        for (int preferred = 0; preferred < 2; preferred++) {
            List<Double> weights = preferred == 0 ? List.of(30.0, 1.0) : List.of(1.0, 30.0);
            DataSplit weighted = new DataSplit(data.labels(), data.train(), data.heldOut(), data.test(), weights);
            ConfusionMatrix matrix =
                    HogSvm.fit(coarse, 0.001, weighted, preprocessor, 1).judge(data.test(), data.labels());
            recognized[preferred] = matrix.metrics(0).predicted();
        }
        assertTrue(recognized[0] > recognized[1] + 20, recognized[0] + " and " + recognized[1]);
    }

    @Test
    void aResultIsReplacedOnlyIfAsked() throws IOException {
        Path there = folder.resolve("hog-svm");
        new BaselineResult("older", "bars", 1, 1, 1, 1, 1, Map.of()).write(there);
        byte[] before = Files.readAllBytes(there.resolve(RunFolder.BASELINE));
        GlintException failure = assertThrows(GlintException.class, () -> job.run(there, false, note -> {}));
        assertEquals(Reason.INPUT, failure.reason());
        assertArrayEquals(before, Files.readAllBytes(there.resolve(RunFolder.BASELINE)));
        assertEquals("hog-svm", job.run(there, true, note -> {}).name());
    }

    @Test
    void picturesSmallerThanABlockAreEnlarged() throws IOException {
        BaselineResult result = job("bars", 300, 48).run(folder.resolve("b"), false, note -> {});
        assertTrue(result.accuracy() >= 0.9, "right: " + result.correct());
        assertThrows(IllegalArgumentException.class, () -> job("bars", null, 15));
    }

    @Test
    void findsWhatIsBesideARun() throws IOException {
        Path runs = folder.resolve("runs");
        Files.createDirectories(runs.resolve("run"));
        new BaselineResult("b", "bars", 1, 9, 4, 3, 2.5, Map.of("k", "v")).write(runs.resolve("2"));
        new BaselineResult("a", "bars", 1, 9, 4, 1, 2.5, Map.of()).write(runs.resolve("3"));
        List<String> notes = new ArrayList<>();
        List<BaselineResult> found = BaselineResult.beside(runs.resolve("run"), notes::add);
        assertEquals(List.of("b", "a"), found.stream().map(BaselineResult::name).toList());
        assertEquals(0.75, found.get(0).accuracy());
        assertEquals(1, BaselineResult.beside(runs.resolve("2"), notes::add).size(), "not itself");
        assertEquals(List.of(), notes);
    }

    @Test
    void whatIsNoResultBesideARunIsANote() throws IOException {
        Path runs = folder.resolve("runs");
        new BaselineResult("b", "bars", 1, 9, 4, 3, 2.5, Map.of()).write(runs.resolve("2"));
        for (String foreign : List.of("[1, 2]", "{\"schema\":\"other/1\"}")) {
            Path there = Files.createDirectories(runs.resolve("1")).resolve(RunFolder.BASELINE);
            Files.writeString(there, foreign);
            List<String> notes = new ArrayList<>();
            assertEquals(
                    1, BaselineResult.beside(runs.resolve("run"), notes::add).size());
            assertEquals(1, notes.size());
            assertTrue(notes.get(0).startsWith("a baseline is not shown: " + there + ": "), notes.get(0));
        }
    }

    @Test
    void whatIsNoResultIsNamed() throws IOException {
        for (String broken : List.of("", "[]", "{}", "{\"schema\":\"other/1\"}", "{\"schema\":{}}")) {
            Files.writeString(folder.resolve(RunFolder.BASELINE), broken);
            GlintException failure = assertThrows(GlintException.class, () -> BaselineResult.read(folder), broken);
            assertTrue(failure.getMessage().contains(RunFolder.BASELINE), failure.getMessage());
        }
    }
}
