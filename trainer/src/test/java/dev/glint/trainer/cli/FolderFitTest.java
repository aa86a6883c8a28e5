package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.trainer.run.RunFolder;
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
import java.util.stream.Stream;
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

    @Test
    void everyVerbNamesWhatItSkips() throws IOException {
        Path broken = Files.writeString(pictures.resolve("vertical/broken.png"), "no picture");
        String data = "folder:" + pictures;
        String[][] verbs = {
            {"data", data, "--split", "train", "--out", "" + folder.resolve("data")},
            {"find-lr", "--data", data, "--steps", "20", "--to", "1", "--out", "" + folder.resolve("plot.html")},
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
}
