package dev.glint.runtime.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.drift.DriftReport.Level;
import dev.glint.runtime.drift.DriftReport.Statistic;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFile;
import dev.glint.runtime.testing.ForeignModel;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftTest {
    @TempDir
    private Path folder;

    private final DriftMonitor monitor = new DriftMonitor(TinyModel.contract());

    private static Image picture(int red, int green, int blue) {
        byte[] samples = new byte[TinyModel.SIZE * TinyModel.SIZE * 3];
        for (int i = 0; i < samples.length; i += 3) {
            samples[i] = (byte) red;
            samples[i + 1] = (byte) green;
            samples[i + 2] = (byte) blue;
        }
        return new Image(TinyModel.SIZE, TinyModel.SIZE, Mode.RGB, samples);
    }

    /** Pictures whose brightness is spread around a mean, and whose answers are so, too. */
    private static DriftProfile pictures(long seed, int count, double brightness) {
        Random random = new Random(seed);
        DriftMonitor monitor = new DriftMonitor(TinyModel.contract());
        for (int i = 0; i < count; i++) {
            int level = (int) Math.max(0, Math.min(255, brightness + 30 * random.nextGaussian()));
            float[] logits = {random.nextFloat() * 4, random.nextFloat() * 4, random.nextFloat() * 4};
            monitor.observe(logits, picture(level, level, level));
        }
        return monitor.profile();
    }

    private static int bin(Histogram histogram) {
        assertEquals(1, histogram.total());
        return histogram.counts().indexOf(1L);
    }

    @Test
    void eachPictureIsCountedWhereItBelongs() {
        // Probabilities 0.5, 0.25, 0.25: the top one leaves half, which is one octave of four bins; the entropy is 1.5
        // bits of
        // 1.585, 0.08 octaves.
        monitor.observe(new float[] {(float) Math.log(2), 0, 0}, picture(200, 100, 3));

        DriftProfile one = monitor.profile();

        assertEquals(1, one.pictures());
        assertTrue(Math.abs(bin(one.topProbability()) - 4) <= 1);
        assertEquals(0, bin(one.entropy()));
        assertEquals(0, bin(one.classes()));
        assertEquals(200 / 4, bin(one.channelMeans().get(0)));
        assertEquals(100 / 4, bin(one.channelMeans().get(1)));
        assertEquals(0, bin(one.channelMeans().get(2)));
    }

    @Test
    void probabilitiesOfAModelAreCountedAsTheyAre() throws IOException {
        ForeignModel model = new ForeignModel(Layout.NHWC, ColorSpace.BGR, ElementType.UINT8, OutputKind.PROBABILITIES);
        try (Classifier tiny = Classifier.open(TinyModel.write(folder.resolve("tiny.onnx")));
                Classifier other = Classifier.open(model.write(folder.resolve("foreign.onnx")))) {
            DriftMonitor same = new DriftMonitor(other.contract());
            monitor.classify(tiny, picture(200, 100, 3));
            same.classify(other, picture(200, 100, 3));

            assertEquals(monitor.profile().topProbability(), same.profile().topProbability());
            assertEquals(monitor.profile().entropy(), same.profile().entropy());
        }
    }

    @Test
    void certaintyEndsInTheLastBin() {
        monitor.observe(new float[] {0, 200, 0}, picture(255, 255, 255));

        DriftProfile one = monitor.profile();

        assertEquals(63, bin(one.topProbability()));
        assertEquals(63, bin(one.entropy()));
        assertEquals(1, bin(one.classes()));
        assertEquals(63, bin(one.channelMeans().get(2)));
    }

    @Test
    void whatIsTakenIsNotCountedTwice() {
        monitor.observe(new float[] {1, 2, 3}, picture(1, 2, 3));

        DriftProfile first = monitor.take();
        monitor.observe(new float[] {1, 2, 3}, picture(1, 2, 3));

        assertEquals(first, monitor.take());
        assertEquals(DriftProfile.empty(3, 3), monitor.take());
        assertEquals(2, first.plus(first).pictures());
    }

    @Test
    void theIndexIsTheSumOverTheGroups() {
        // Two groups of 100 pictures each; 50 and 150 are seen.
        DriftReport report = DriftReport.compare(spread(100, 100), spread(50, 150));

        // With half a picture more in each group: shares of 100.5 of 201, 50.5 and 150.5 of 201.
        double low = 50.5 / 201;
        double expected = (low - 0.5) * Math.log(low / 0.5) + (0.5 - low) * Math.log((1 - low) / 0.5);
        Statistic classes = report.statistics().get(2);
        assertEquals("classes", classes.name());
        assertEquals(expected, classes.psi(), 1e-12);
        assertEquals(OptionalDouble.empty(), classes.ks());
        assertEquals((1 + 3.09 * Math.sqrt(2)) * 2 / 200, classes.psiByChance(), 1e-12);
        assertEquals(Level.DRIFT, classes.level());
        Statistic mean = report.statistics().get(3);
        assertEquals("mean of channel 0", mean.name());
        assertEquals(0.25, mean.ks().orElseThrow(), 1e-12);
        assertEquals(1.949 * Math.sqrt(400.0 / 40_000), mean.ksCritical(), 1e-12);
    }

    /** Dark pictures of the first class, bright ones of the second. */
    private static DriftProfile spread(int dark, int bright) {
        List<Long> bins = new ArrayList<>(java.util.Collections.nCopies(64, 0L));
        bins.set(10, (long) dark);
        bins.set(50, (long) bright);
        Histogram histogram = new Histogram(bins);
        return new DriftProfile(
                histogram, histogram, new Histogram(List.of((long) dark, (long) bright)), List.of(histogram));
    }

    @Test
    void whatHasNotChangedIsStableForFewAndMany() {
        DriftProfile baseline = pictures(1, 2_000, 128);
        for (int count : new int[] {1, 10, 100, 1_000, 20_000}) {
            DriftReport report = DriftReport.compare(baseline, pictures(count, count, 128));

            assertEquals(Level.STABLE, report.level(), count + " " + report);
        }
    }

    @Test
    void darkerPicturesAreDrift() {
        DriftReport report = DriftReport.compare(pictures(1, 2_000, 128), pictures(2, 100, 80));

        assertEquals(Level.DRIFT, report.level());
        assertEquals(Level.STABLE, report.statistics().get(0).level(), "answers are as before");
        assertEquals(Level.DRIFT, report.statistics().get(3).level());
    }

    @Test
    void valuesThatTheBaselineNeverHadAreDrift() {
        for (int[] seen : new int[][] {{0, 200}, {200, 0}}) {
            DriftReport report = DriftReport.compare(spread(500, 0), spread(seen[0], seen[1]));

            assertEquals(seen[0] > 0 ? Level.STABLE : Level.DRIFT, report.level());
        }
    }

    @Test
    void nothingSeenIsStable() {
        assertEquals(
                Level.STABLE,
                DriftReport.compare(pictures(1, 100, 128), DriftProfile.empty(3, 3))
                        .level());
    }

    @Test
    void aModelCarriesItsBaseline() throws IOException {
        Path model = TinyModel.write(folder.resolve("model.onnx"));
        GlintException failure =
                assertThrows(GlintException.class, () -> DriftProfile.carriedBy(ModelFile.read(model)));
        assertEquals(Reason.MODEL, failure.reason());
        assertTrue(
                failure.getMessage().startsWith(model + ": found a model without a drift baseline"),
                failure.getMessage());
        DriftProfile baseline = pictures(1, 50, 128);

        TinyModel.setMetadata(model, DriftProfile.METADATA_KEY, baseline.toJson());

        assertEquals(baseline, DriftProfile.carriedBy(ModelFile.read(model)));
    }

    @Test
    void aBrokenBaselineIsTheModelsFault() throws IOException {
        String whole = pictures(1, 5, 128).toJson();
        for (String broken : List.of(
                "",
                "{}",
                "[" + whole + "]",
                whole.replace("\"schema\":1", "\"schema\":2"),
                whole.replace("\"classes\":[", "\"classes\":[1,"),
                whole.replace("\"classes\":[", "\"classes\":[-1,"),
                whole.replace("\"entropy\":[", "\"entropy\":[9007199254740993,"),
                whole.replace("\"channelMeans\":[", "\"channelMeans\":[" + "[],".repeat(17)))) {
            Path model = TinyModel.write(folder.resolve("model.onnx"));
            TinyModel.setMetadata(model, DriftProfile.METADATA_KEY, broken);

            GlintException failure =
                    assertThrows(GlintException.class, () -> DriftProfile.carriedBy(ModelFile.read(model)), broken);
            assertEquals(Reason.MODEL, failure.reason());
            assertTrue(
                    failure.getMessage().startsWith(model + ": found an invalid drift baseline ("),
                    failure.getMessage());
        }
        Path other = TinyModel.write(folder.resolve("other.onnx"));
        TinyModel.setMetadata(other, DriftProfile.METADATA_KEY, spread(1, 1).toJson());
        GlintException failure =
                assertThrows(GlintException.class, () -> DriftProfile.carriedBy(ModelFile.read(other)));
        assertTrue(
                failure.getMessage().contains("found a drift baseline of 2 classes and 1 channels, expected 3 and 3"),
                failure.getMessage());
    }

    @Test
    void severalThreadsAddToOneFile() throws Exception {
        DriftFile file = new DriftFile(folder.resolve("new/drift.json"));
        DriftProfile baseline = pictures(1, 100, 128);
        file.prepare(baseline);
        assertEquals(0, file.read().seen().pictures());
        DriftProfile seen = pictures(2, 3, 128);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<Future<Void>> all = pool.invokeAll(java.util.Collections.nCopies(20, (Callable<Void>) () -> {
            file.add(baseline, seen);
            return null;
        }));
        pool.shutdown();
        for (Future<Void> each : all) {
            each.get();
        }

        assertEquals(60, file.read().seen().pictures());
        assertEquals(baseline, file.read().baseline());
    }

    @Test
    void aFileOfAnotherModelOrOfNoneIsRefused() throws IOException {
        DriftFile file = new DriftFile(folder.resolve("drift.json"));
        GlintException missing = assertThrows(GlintException.class, file::read);
        assertTrue(missing.getMessage().startsWith(file.path() + ": found no such file"), missing.getMessage());
        file.prepare(pictures(1, 100, 128));

        GlintException other = assertThrows(GlintException.class, () -> file.prepare(pictures(2, 100, 128)));
        assertTrue(
                other.getMessage()
                        .startsWith(file.path() + ": found counts that are held against another baseline, expected"),
                other.getMessage());
        byte[] whole = Files.readAllBytes(file.path());
        for (int length : new int[] {0, 1, whole.length / 2, whole.length - 3}) {
            Files.write(file.path(), Arrays.copyOf(whole, length));
            GlintException broken = assertThrows(GlintException.class, file::read);
            assertEquals(Reason.INPUT, broken.reason());
            assertTrue(broken.getMessage().startsWith(file.path() + ": found no drift file ("), broken.getMessage());
        }
    }
}
