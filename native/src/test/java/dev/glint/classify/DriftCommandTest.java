package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.runtime.drift.DriftMonitor;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftCommandTest {
    private static final int PIXELS = 32 * 32;

    @TempDir
    private Path folder;

    private Path model;
    private Path file;

    @BeforeEach
    void makeModel() throws IOException {
        model = TinyModel.write(folder.resolve("int8.onnx"));
        file = folder.resolve("drift.json");
        DriftMonitor usual = new DriftMonitor(TinyModel.contract());
        try (Classifier classifier = Classifier.open(model)) {
            for (int i = 0; i < 300; i++) {
                usual.classify(classifier, picture(i, 100));
            }
        }
        TinyModel.setMetadata(model, DriftProfile.METADATA_KEY, usual.profile().toJson());
    }

    /** Around a brightness, never the same. */
    private static Image picture(int seed, int brightness) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] samples = new byte[TinyModel.SIZE * TinyModel.SIZE * 3];
        int[] color = {random.nextInt(80), random.nextInt(80), random.nextInt(80)};
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (brightness + color[i % 3]);
        }
        return new Image(TinyModel.SIZE, TinyModel.SIZE, Mode.RGB, samples);
    }

    private Path pictures(String name, int count, int brightness) throws IOException {
        Path album = Files.createDirectories(folder.resolve(name));
        for (int i = 0; i < count; i++) {
            Files.write(album.resolve(i + ".png"), PngFile.of(picture(1_000 + i, brightness)));
        }
        return album;
    }

    private static Run run(Object... args) {
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        return ClassifyTest.inThisProcess(Map.of(), new byte[0], words);
    }

    private static JsonObject report(Path file) {
        Run run = run("drift", "--json", file);
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    @Test
    void whatIsClassifiedIsCountedAndReported() throws IOException {
        Path album = pictures("usual", 100, 100);

        Run counted = run("--drift", file, "-m", model, "-k1", album);

        assertEquals(0, counted.exitCode(), counted.err());
        assertEquals(run("-m", model, "-k1", album), counted);
        JsonObject report = report(file);
        assertEquals("glint.drift-report/1", report.get("schema").getAsString());
        assertEquals(100, report.get("pictures").getAsInt());
        assertEquals(300, report.get("baselinePictures").getAsInt());
        assertEquals("stable", report.get("level").getAsString());
        assertEquals(6, report.getAsJsonArray("statistics").size());

        run("--drift", file, "-m", model, "-k1", "--workers", "2", album);
        assertEquals(200, report(file).get("pictures").getAsInt());
    }

    @Test
    void darkerPicturesAreReportedAndFailIfAsked() throws IOException {
        run("--drift", file, "-m", model, pictures("dark", 100, 20));

        Run report = run("drift", file);
        Run failing = run("drift", "--fail-on", "drift", file);

        assertEquals(0, report.exitCode());
        assertTrue(
                report.out()
                        .startsWith("statistic            PSI  by chance     KS  critical   level\ntop probability "),
                report.out());
        assertTrue(report.out().endsWith("\n100 pictures here against 300 of the baseline: drift\n"), report.out());
        failing.assertErrors(5, file + ": found pictures that are drift, expected less than drift; look at");
        assertEquals(report.out(), failing.out());
        assertEquals(0, run("drift", "--fail-on", "MODERATE", freshFile()).exitCode());
    }

    private Path freshFile() throws IOException {
        Path fresh = folder.resolve("fresh.json");
        run("--drift", fresh, "-m", model, pictures("one", 1, 100));
        return fresh;
    }

    @Test
    void framesAreCountedToo() throws IOException {
        byte[] frames = new byte[3 * 8 * 8 * 3];

        Run run = ClassifyTest.inThisProcess(
                Map.of(), frames, "--stream", "rgb24:8x8", "--drift", file.toString(), "-m", model.toString());

        assertEquals(0, run.exitCode(), run.err());
        assertEquals(3, report(file).get("pictures").getAsInt());
    }

    @Test
    void behindALinkIsTheSameFile() throws IOException {
        Path album = pictures("usual", 2, 100);
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), Path.of("elsewhere/drift.json"));
        Path real = folder.resolve("elsewhere/drift.json");

        run("--drift", link, "-m", model, album);
        run("--drift", real, "-m", model, album);
        run("--drift", link, "-m", model, album);

        assertEquals(6, report(real).get("pictures").getAsInt());
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void noPictureIsStored() throws IOException {
        run("--drift", file, "-m", model, pictures("secret", 3, 100));

        String text = Files.readString(file);
        assertFalse(text.contains("secret"), text);
        assertTrue(text.length() < 4_000, text);
    }

    @Test
    void whatCannotBeCountedIsSaidBeforeAnythingIsClassified() throws IOException {
        Path album = pictures("usual", 2, 100);
        Path bare = TinyModel.write(folder.resolve("bare.onnx"));
        run("--drift", file, "-m", bare, album)
                .assertFails(
                        4, bare + ": found a model without a drift baseline, expected the metadata key glint.drift");
        Files.writeString(file, "{}");
        run("--drift", file, "-m", model, album).assertFails(3, file + ": found no drift file (schema none)");
        run("drift", file).assertFails(3, file + ": found no drift file (schema none), expected its JSON form");
        Path missing = folder.resolve("missing");
        run("drift", missing).assertFails(3, missing + ": found no such file, expected a drift file");
        run("--drift", "/", "-m", model, album).assertFails(3, "/: found a folder, expected a drift file");
        run("drift").assertFails(2, "Missing required parameter: 'FILE'; see classify drift --help");
        run("drift", "--fail-on", "much", file)
                .assertFails(2, "--fail-on: found 'much', expected one of MODERATE, DRIFT");
    }

    /** The real model on real pictures: as they are, and at less than half of their brightness. */
    @Test
    void darkenedPhotosDriftAndUntouchedOnesDoNot() throws IOException {
        byte[] records = records();
        Path vgg = folder.resolve("vgg.onnx");
        Files.copy(SharedData.projectRoot().resolve("edge-samples/models/cifar10-small-vgg/int8.onnx"), vgg);
        DriftProfile baseline;
        try (Classifier classifier = Classifier.open(vgg)) {
            baseline = DriftProfile.measure(classifier, 500, i -> photo(records, 2 * i, 1));
        }
        TinyModel.setMetadata(vgg, DriftProfile.METADATA_KEY, baseline.toJson());
        for (int i = 0; i < 300; i++) {
            write("untouched", i, photo(records, 2 * i + 1, 1));
            write("dark", i, photo(records, 2 * i + 1, 0.4));
        }
        Path dark = folder.resolve("dark.json");

        run("-m", vgg, "--drift", file, "-k1", folder.resolve("untouched"));
        run("-m", vgg, "--drift", dark, "-k1", folder.resolve("dark"));

        assertEquals(
                "stable", report(file).get("level").getAsString(), report(file).toString());
        assertEquals(
                "drift", report(dark).get("level").getAsString(), report(dark).toString());
        assertEquals(300, report(dark).get("pictures").getAsInt());
    }

    private void write(String name, int index, Image photo) throws IOException {
        Path album = Files.createDirectories(folder.resolve(name));
        Files.write(album.resolve(index + ".png"), PngFile.of(photo));
    }

    /** Records of CIFAR-10's first batch: a label, then a plane of red, of green, of blue. */
    private static byte[] records() throws IOException {
        // In the archive: a folder, a short file and the head of the batch take 512 bytes each, the short file's text
        // as many.
        int before = 4 * 512;
        byte[] beginning =
                SharedData.requireBeginning("cifar10/cifar-10-batches-bin.tar.xz", before + 1_000 * (1 + 3 * PIXELS));
        assertEquals(
                "cifar-10-batches-bin/data_batch_1.bin", new String(beginning, 3 * 512, 37, StandardCharsets.US_ASCII));
        return Arrays.copyOfRange(beginning, before, beginning.length);
    }

    private static Image photo(byte[] records, int index, double brightness) {
        byte[] samples = new byte[PIXELS * 3];
        int from = index * (1 + 3 * PIXELS) + 1;
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) ((records[from + i % 3 * PIXELS + i / 3] & 0xff) * brightness);
        }
        return new Image(32, 32, Mode.RGB, samples);
    }
}
