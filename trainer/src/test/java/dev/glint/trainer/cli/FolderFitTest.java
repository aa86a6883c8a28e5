package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.runtime.contract.DecodeRule;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import dev.glint.trainer.run.RunFolder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Bars from PNG files, with everything that can be done to them. */
class FolderFitTest {
    @TempDir
    Path folder;

    private Path pictures;
    private String out = "";
    private String err = "";

    @BeforeEach
    void writePictures() {
        pictures = folder.resolve("pictures");
        assertEquals(0, run("data", "bars", "--limit", "200", "--out", pictures.toString()));
    }

    private int run(String... arguments) {
        StringWriter results = new StringWriter();
        StringWriter messages = new StringWriter();
        CommandLine command =
                TrainerCommand.commandLine().setOut(new PrintWriter(results)).setErr(new PrintWriter(messages));
        int exitCode = command.execute(arguments);
        out = results.toString();
        err = messages.toString();
        return exitCode;
    }

    private int fit(String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "fit",
                "--model",
                "bar-cnn",
                "--data",
                "folder:" + pictures,
                "--augment",
                "crop=1,flip,erase=0.1,mixup,cutmix",
                "--validation",
                "0.1",
                "--class-weights",
                "--normalize",
                "measure",
                "--epochs",
                "3",
                "--run",
                folder.resolve(name).toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void theSameSeedGivesTheSameWeights() throws IOException {
        assertEquals(0, fit("one"), err);
        assertEquals(0, fit("two"), err);
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("one").resolve(RunFolder.LAST)),
                Files.readAllBytes(folder.resolve("two").resolve(RunFolder.LAST)));
        RunFolder run = RunFolder.open(folder.resolve("one"));
        assertEquals(List.of("horizontal", "vertical"), run.contract().labels());
        // A row or column of twelve is raised by 127.5 of 255 above 63.75.
        assertEquals(0.25 + 0.5 / 12, run.contract().mean().get(0), 0.01);
    }

    @Test
    void theReportIsAboutThePicturesThatTookNoPart() throws IOException {
        assertEquals(0, fit("run"), err);
        String report = Files.readString(folder.resolve("run").resolve(RunFolder.REPORT));
        assertTrue(report.contains("144 training, 16 held-out and 40 test pictures"));
        assertEquals(0, run("eval", "--json", folder.resolve("run").toString()), err);
        JsonObject judged = JsonParser.parseString(out).getAsJsonObject();
        assertEquals("test", judged.get("part").getAsString());
        assertEquals(40, judged.get("pictures").getAsInt());
        String card = "Test accuracy</div><div class=\"value\">%.2f %%</div><div class=\"note\">%d of 40";
        assertTrue(report.contains(String.format(
                Locale.ROOT,
                card,
                100 * judged.get("accuracy").getAsDouble(),
                judged.get("correct").getAsInt())));
    }

    @Test
    void eachPartIsWrittenAndNoneHasPicturesOfAnother() throws IOException {
        String[] parts = {"train", "held-out", "test"};
        int[] sizes = {144, 16, 40};
        List<String> all = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            Path to = folder.resolve(parts[i]);
            assertEquals(
                    0,
                    run("data", "folder:" + pictures, "--validation", "0.1", "--split", parts[i], "--out", "" + to),
                    err);
            List<String> part = contents(to);
            assertEquals(sizes[i], part.size(), parts[i]);
            all.addAll(part);
        }
        Collections.sort(all);
        assertEquals(contents(pictures), all);
    }

    /** All files below a folder by their bytes, in order. */
    private static List<String> contents(Path folder) throws IOException {
        List<String> contents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        Collections.sort(contents);
        return contents;
    }

    private int fitAnyhow(String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "fit",
                "--data",
                "folder:" + pictures,
                "--device",
                "cpu",
                "--epochs",
                "1",
                "--run",
                "" + folder.resolve(name)));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--model")) {
            arguments.addAll(List.of("--model", "bar-cnn"));
        }
        return run(arguments.toArray(String[]::new));
    }

    private void assertRefused(String name, String expected) {
        assertEquals(1, err.lines().count(), err);
        assertTrue(err.contains(expected), err);
        assertFalse(Files.exists(folder.resolve(name)), "nothing half-written");
    }

    /** 160 pictures to learn from: 53 batches of three and one picture. */
    @Test
    void aLastPictureAloneIsNoBatchForBatchNorm() {
        assertEquals(0, fitAnyhow("run", "--model", "simple-cnn", "--size", "8", "--batch-size", "3"), err);
        assertEquals(2, fitAnyhow("single", "--model", "simple-cnn", "--size", "8", "--batch-size", "1"), err);
        assertRefused("single", "found one value per channel in a batch");
    }

    @Test
    void largePhotosAreDecodedAsSmallAsTheModelSeesThem() throws IOException {
        for (String name : new String[] {"horizontal", "vertical"}) {
            for (int i = 0; i < 8; i++) {
                BufferedImage photo = new BufferedImage(100 + i, 96, BufferedImage.TYPE_INT_RGB);
                for (int place = 0; place < 96; place += 2) {
                    for (int along = 0; along < 96; along++) {
                        boolean rows = name.equals("horizontal");
                        photo.setRGB(rows ? along : place, rows ? place : along, 0xffffff);
                    }
                }
                assertTrue(ImageIO.write(
                        photo,
                        "jpg",
                        pictures.resolve(name).resolve("photo" + i + ".jpg").toFile()));
            }
        }
        assertEquals(0, fitAnyhow("scaled", "--decode", "scaled"), err);
        RunFolder run = RunFolder.open(folder.resolve("scaled"));
        assertEquals(DecodeRule.SCALED, run.contract().decode());
        assertEquals(DecodeRule.SCALED, run.config().pictures().options().decode());
        Path photo = pictures.resolve("horizontal").resolve("photo0.jpg");
        assertEquals(
                13, ImageDecoder.decode(photo, run.contract().decodeOptions()).width());
        assertEquals(0, run("eval", folder.resolve("scaled").toString()), err);
        assertEquals(0, fitAnyhow("whole"), err);
        assertEquals(
                DecodeRule.FULL,
                RunFolder.open(folder.resolve("whole")).contract().decode());
        assertEquals(2, fitAnyhow("other", "--decode", "half"), err);
        assertTrue(err.contains("--decode"), err);
    }

    @Test
    void picturesMayBeTooSmallForANetwork() {
        assertEquals(2, fitAnyhow("run", "--size", "1"), err);
        assertRefused("run", "found pictures of 1x1, expected larger ones for bar-cnn, which was made for 12x12");
        assertEquals(2, run("find-lr", "--model", "bar-cnn", "--data", "folder:" + pictures, "--size", "1"), err);
        assertRefused("run", "expected larger ones for bar-cnn");
    }

    @Test
    void whateverTheFoldersAreCalled() throws IOException {
        Path odd = pictures.resolve("größer & <schräg> 日本");
        Files.move(pictures.resolve("vertical"), odd);
        assertEquals(0, fitAnyhow("run"), err);
        List<String> labels = RunFolder.open(folder.resolve("run")).contract().labels();
        assertEquals(List.of(odd.getFileName().toString(), "horizontal"), labels);
        assertEquals(0, run("report", "" + folder.resolve("run")), err);
    }

    @Test
    void whateverIsInTheFiles() throws IOException {
        Random random = new Random(1);
        for (Image.Mode mode : Image.Mode.values()) {
            for (int[] size : new int[][] {{1, 1}, {1, 90}, {300, 7}}) {
                byte[] samples = new byte[size[0] * size[1] * mode.channels()];
                random.nextBytes(samples);
                String name = mode + "-" + size[0] + ".png";
                Files.write(
                        pictures.resolve("vertical").resolve(name),
                        PngFile.of(new Image(size[0], size[1], mode, samples)));
            }
        }
        assertEquals(0, fitAnyhow("run", "--model", "resnet8", "--size", "8", "--augment", "resized-crop,jitter"), err);
        assertEquals(0, run("data", "folder:" + pictures, "--split", "train", "--out", "" + folder.resolve("o")), err);
    }

    @Test
    void aBrokenFileThatJudgesIsFoundBeforeTheFirstEpoch() throws IOException {
        for (String part : List.of("train", "test")) {
            Files.createDirectories(pictures.resolve(part));
        }
        Files.move(pictures.resolve("vertical"), pictures.resolve("train/vertical"));
        Files.move(pictures.resolve("horizontal"), pictures.resolve("train/horizontal"));
        Path broken = Files.createDirectories(pictures.resolve("test/vertical")).resolve("a.png");
        Files.writeString(broken, "no picture");
        assertEquals(3, fitAnyhow("run"), err);
        assertRefused("run", broken + ": found a text file");
        assertTrue(err.contains("or leave it out with --skip-broken"), err);
        assertFalse(out.contains("params="), out);
        assertEquals(3, fitAnyhow("run", "--skip-broken"), err);
        assertTrue(err.contains("found no readable picture of the class 'vertical'"), err);
    }

    @Test
    void everyVerbNamesWhatItSkips() throws IOException {
        Path broken = Files.writeString(pictures.resolve("vertical/broken.png"), "no picture");
        String data = "folder:" + pictures;
        String[][] verbs = {
            {"data", data, "--split", "train", "--out", "" + folder.resolve("data")},
            {
                "find-lr",
                "--model",
                "bar-cnn",
                "--data",
                data,
                "--steps",
                "20",
                "--to",
                "1",
                "--out",
                "" + folder.resolve("plot.html")
            },
            {"baseline", "hog-svm", "--data", data, "--size", "16", "--run", "" + folder.resolve("hog-svm")},
            {"baseline", "mlp", "--data", data, "--epochs", "1", "--size", "12", "--run", "" + folder.resolve("mlp")}
        };
        for (String[] verb : verbs) {
            String[] skipping = Arrays.copyOf(verb, verb.length + 1);
            skipping[verb.length] = "--skip-broken";
            assertEquals(0, run(skipping), verb[0] + ": " + err);
            assertTrue(err.contains("skipped " + broken + ": found a text file"), verb[0] + ": " + err);
            Path written = Path.of(verb[verb.length - 1]);
            assertTrue(Files.exists(written), verb[0]);
            assertEquals(
                    3,
                    run(Stream.concat(Stream.of(verb).limit(verb.length - 1), Stream.of(written + "2"))
                            .toArray(String[]::new)),
                    verb[0]);
            assertTrue(err.contains(broken + ": found a text file"), verb[0] + ": " + err);
            assertFalse(Files.exists(Path.of(written + "2")), verb[0]);
        }
    }

    @Test
    void theBaselinesOfTheSamePicturesStandInTheReport() throws IOException {
        String data = "folder:" + pictures;
        Path runs = folder.resolve("runs");
        for (String seed : List.of("1", "2")) {
            String to = runs.resolve("hog-svm-" + seed).toString();
            assertEquals(0, run("baseline", "hog-svm", "--data", data, "--seed", seed, "--run", to), err);
        }
        assertEquals(
                0, run("baseline", "mlp", "--data", data, "--epochs", "1", "--run", "" + runs.resolve("mlp")), err);
        assertEquals(0, fit("runs/cnn"), err);
        String report = Files.readString(runs.resolve("cnn").resolve(RunFolder.REPORT));
        assertEquals(2, report.split(">hog-svm</th>|>mlp</th>").length - 1, "rows of baselines");
        assertTrue(report.contains("Not shown: hog-svm, which other pictures have judged (40 of them, seed 2)."));
    }

    @Test
    void aBrokenFileEndsTheFitOrIsSkipped() throws IOException {
        Path broken;
        try (var files = Files.list(pictures.resolve("vertical"))) {
            broken = files.sorted().findFirst().orElseThrow();
        }
        Files.writeString(broken, "no picture");
        assertEquals(3, fit("strict"));
        assertEquals(1, err.lines().count(), err);
        assertTrue(err.contains(broken + ": found a text file"), err);
        assertFalse(Files.exists(folder.resolve("strict")));
        assertEquals(0, fit("lenient", "--skip-broken"), err);
        assertTrue(err.contains("skipped " + broken + ": found a text file"), err);
    }

    @Test
    void aBrokenTrainingFileIsFoundBeforeTheFirstEpoch() throws IOException {
        for (String part : List.of("train", "test")) {
            for (String name : List.of("vertical", "horizontal")) {
                Path to = Files.createDirectories(pictures.resolve(part).resolve(name));
                try (Stream<Path> files = Files.list(pictures.resolve(name))) {
                    for (Path file : files.sorted().limit(20).toList()) {
                        Files.move(file, to.resolve(file.getFileName()));
                    }
                }
            }
        }
        Path broken = Files.writeString(pictures.resolve("train/vertical/z.png"), "no picture");
        assertEquals(3, fitAnyhow("run"), err);
        assertTrue(err.contains(broken + ": found a text file"), err);
        assertEquals("", out);
        assertEquals(0, fitAnyhow("run", "--skip-broken"), err);
        assertTrue(err.contains("skipped " + broken), err);
    }

    @Test
    void whoSplitsOffValidationIsToldThatThereIsOne() throws IOException {
        for (String part : List.of("train", "val", "test")) {
            for (String name : List.of("vertical", "horizontal")) {
                Path to = Files.createDirectories(pictures.resolve(part).resolve(name));
                try (Stream<Path> files = Files.list(pictures.resolve(name))) {
                    for (Path file : files.sorted().limit(10).toList()) {
                        Files.move(file, to.resolve(file.getFileName()));
                    }
                }
            }
        }
        String[] fit = {
            "fit", "--model", "bar-cnn", "--data", "folder:" + pictures, "--epochs", "1", "--validation", "0.2"
        };
        String[] there = Arrays.copyOf(fit, fit.length + 2);
        there[fit.length] = "--run";
        there[fit.length + 1] = folder.resolve("run").toString();
        assertEquals(0, run(there), err);
        assertTrue(err.contains("the 20 pictures for validation are left out"), err);
    }

    @Test
    void aFolderWithoutANetworkGetsOneForPhotos() throws IOException {
        String run = folder.resolve("run").toString();
        assertEquals(
                0, run("fit", "--data", "folder:" + pictures, "--limit", "32", "--epochs", "1", "--run", run), err);
        RunFolder fitted = RunFolder.open(Path.of(run));
        assertEquals("small-vgg", fitted.config().model().id());
        assertEquals(64, fitted.contract().width());
        assertTrue(out.contains("small-vgg at 64x64, which is usual for folder:" + pictures + ": 1 epoch of"), out);
    }
}
