package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.console.Output;
import dev.glint.console.Streams;
import dev.glint.runtime.testing.TinyModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders, patterns, workers, and the forms of many answers. */
class ManyPicturesTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void makeModel() throws IOException {
        TinyModel.write(folder.resolve("model/int8.onnx"));
    }

    private Run classify(String... args) {
        List<String> all = new ArrayList<>(List.of("--model", file("model")));
        all.addAll(List.of(args));
        return ClassifyTest.inThisProcess(Map.of(), new byte[0], all.toArray(String[]::new));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private String write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return file.toString();
    }

    private String red(String name) throws IOException {
        return write(name, ClassifyContract.png(200, 100, 50));
    }

    private String blue(String name) throws IOException {
        return write(name, ClassifyContract.png(10, 20, 30));
    }

    private String broken(String name) throws IOException {
        return write(name, "no picture".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void noRecursiveLeavesTheFoldersInAFolderOut() throws IOException {
        String a = red("album/a.png");
        String deep = blue("album/deep/b.png");

        classify("-k1", "--no-recursive", file("album")).assertPrints("red    0.7672\n");
        String both = a + "       red    0.7672\n" + deep + "  blue   0.3868\n";
        classify("-k1", "--recursive", file("album")).assertPrints(both);
        classify("-k1", file("album")).assertPrints(both);
    }

    @Test
    void patternsAreMatchedWhereNoShellHasDoneIt() throws IOException {
        String a = red("album/a.png");
        String b = blue("album/deep/b.png");
        String c = red("album/deep/er/c.png");
        red("album/deep/er/.hidden.png");
        write("album/notes.txt", new byte[] {1});

        assertFiles(List.of(a), file("album/*.png"));
        assertFiles(List.of(a, b, c), file("album/**/*.png"));
        assertFiles(List.of(b), file("album/*/[a-b].png"));
        assertFiles(List.of(b, c), file("album/deep/{b,er/?}.png"));
    }

    private void assertFiles(List<String> expected, String pattern) {
        Run run = classify("--csv", "-k1", pattern);

        assertEquals(0, run.exitCode(), run.err());
        assertEquals(
                expected,
                run.out().lines().skip(1).map(line -> line.split(",")[0]).toList());
    }

    @Test
    void aFileWhoseNameLooksLikeAPatternIsAFile() throws IOException {
        red("a[1].png");
        blue("a1.png");

        classify("-k1", file("a[1].png")).assertPrints("red    0.7672\n");
    }

    @Test
    void patternsThatGiveNothingAreNamed() throws IOException {
        red("album/a.png");

        String none = file("album/*.jpg");
        classify(none).assertFails(3, none + ": found no such file, and none that it matches as a pattern");
        String nowhere = file("nowhere/*.png");
        classify(nowhere).assertFails(3, nowhere + ": found no such file, and none that it matches as a pattern");
        String open = file("album/[a.png");
        classify(open).assertFails(2, open + ": found a pattern that makes no sense (");
    }

    @Test
    void jsonLinesAreCompleteEach() throws IOException {
        String a = red("a.png");
        String b = broken("b.png");

        Run run = classify("--jsonl", "-k1", a, b);

        run.assertErrors(3, b + ": found a text file");
        List<String> lines = run.out().lines().toList();
        assertEquals(
                "{\"schema\":\"glint.picture/1\",\"file\":\"" + a
                        + "\",\"candidates\":[{\"label\":\"red\",\"index\":0,\"probability\":0.767212}]}",
                lines.get(0));
        assertTrue(
                lines.get(1)
                        .startsWith("{\"schema\":\"glint.picture/1\",\"file\":\"" + b + "\",\"error\":\"" + b
                                + ": found a text file"),
                lines.get(1));
        assertEquals(2, lines.size());
    }

    @Test
    void csvHasALinePerClassAndQuotesWhatNeedsIt() throws IOException {
        String a = red("a \"b\", c.png");
        String missing = file("missing.png");

        Run run = classify("--csv", "-k2", a, missing);

        run.assertErrors(3, missing + ": found no such file");
        String quoted = '"' + a.replace("\"", "\"\"") + '"';
        assertEquals(
                "file,rank,label,index,probability,error\n"
                        + quoted + ",1,red,0,0.767212,\n"
                        + quoted + ",2,green,1,0.159834,\n"
                        + missing + ",,,,,\"" + missing
                        + ": found no such file, expected a picture; check the path\"\n",
                run.out());
    }

    @Test
    void oneFormAtATime() throws IOException {
        String a = red("a.png");

        classify("--json", "--csv", a).assertFails(2, "found --json with --csv, expected one of them");
        classify("--jsonl", "--csv", a).assertFails(2, "found --jsonl with --csv, expected one of them");
    }

    @Test
    void severalWorkersGiveTheSameInTheSameOrder() throws IOException {
        for (int i = 0; i < 300; i++) {
            String name = "album/" + i % 7 + "/" + i + ".png";
            if (i % 50 == 3) {
                broken(name);
            } else {
                write(name, ClassifyContract.png(i % 256, i * 31 % 256, i * 17 % 256));
            }
        }

        Run one = classify("--jsonl", "-k2", file("album"));
        Run three = classify("--jsonl", "-k2", "--workers", "3", file("album"));

        assertEquals(300, one.out().lines().count());
        assertEquals(3, one.exitCode());
        assertEquals(6, one.err().lines().count(), one.err());
        assertEquals(one, three);
    }

    @Test
    void workersThatMakeNoSenseAreRefused() throws IOException {
        String a = red("a.png");

        classify("--workers", "0", a).assertFails(2, "found --workers 0, expected 1 to 256");
        classify("--workers", "257", a).assertFails(2, "found --workers 257, expected 1 to 256");
        classify("--worker", "2", a)
                .assertFails(2, "Unknown option: '--worker'; did you mean --workers? see classify --help");
    }

    @Test
    void whatIsTooImprobableIsUnknown() throws IOException {
        String a = red("a.png");
        String b = blue("b.png");

        classify("-k1", "--min-probability", "0.5", a, b)
                .assertPrints(a + "  red    0.7672\n" + b + "  unknown  0.3868\n");
        Run json = classify("--jsonl", "-k2", "--min-probability", "0.5", b);
        assertTrue(
                json.out()
                        .endsWith("\"candidates\":[{\"label\":\"unknown\",\"index\":-1,\"probability\":0.386766}]}\n"),
                json.out());
        classify("--min-probability", "50", a).assertFails(2, "found --min-probability 50.0, expected 0 to 1");
        classify("--min-probability", "NaN", a).assertFails(2, "found --min-probability NaN, expected 0 to 1");
    }

    @Test
    void theHelpKnowsWhatAPlainCommandLineDoesWithout() {
        String help = classify("--help").out();

        for (String option :
                List.of("--workers", "--csv", "--jsonl", "--[no-]recursive", "--watch", "--stream", "--drift")) {
            assertTrue(help.contains(option), help);
        }
    }

    @Test
    void aBarIsDrawnForSeveralPicturesAndMakesRoomForEachLine() throws IOException {
        red("album/a.png");
        broken("album/b.png");
        blue("album/c.png");

        StringWriter terminal = new StringWriter();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Streams streams = new Streams(
                new ByteArrayInputStream(new byte[0]),
                new Output(out),
                Streams.printer(err),
                Optional.of(terminal),
                Map.of());
        int exitCode = Classify.run(new String[] {"-m", file("model"), "-k1", file("album")}, streams);

        assertEquals(3, exitCode);
        assertEquals(2, out.toString(StandardCharsets.UTF_8).lines().count());
        assertTrue(
                terminal.toString().startsWith("\rpictures [" + " ".repeat(30) + "] 0/3  0:00"), terminal.toString());
        assertTrue(terminal.toString().endsWith(" \r"), terminal.toString());

        terminal.getBuffer().setLength(0);
        Classify.run(new String[] {"-m", file("model"), "-k1", file("album/a.png")}, streams);
        assertFalse(terminal.toString().contains("pictures"), terminal.toString());
    }
}
