package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A run whose pictures are in a folder, and what is in it later. */
class ChangedPicturesTest {
    @TempDir
    private Path folder;

    private Path pictures = Path.of("");
    private String run = "";
    private String err = "";

    private int trainer(String... arguments) {
        StringWriter messages = new StringWriter();
        CommandLine command = TrainerCommand.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(messages));
        int exitCode = command.execute(arguments);
        err = messages.toString();
        return exitCode;
    }

    @BeforeEach
    void fit() {
        pictures = folder.resolve("pictures");
        run = folder.resolve("run").toString();
        assertEquals(0, trainer("data", "bars", "--limit", "20", "--out", pictures.toString()), err);
        String data = "folder:" + pictures;
        String[] fit = {"fit", "--model", "bar-cnn", "--data", data, "--device", "cpu", "--epochs", "1", "--run", run};
        assertEquals(0, trainer(fit), err);
    }

    private void assertRefused(String expected) {
        List<List<String>> judges = List.of(
                List.of("eval", run), List.of("report", run), List.of("fit", "--qat", run, "--run", run + "-qat"));
        for (List<String> judge : judges) {
            assertEquals(3, trainer(judge.toArray(String[]::new)), judge + ": " + err);
            assertEquals(1, err.lines().count(), err);
            assertTrue(err.startsWith("error: folder:" + pictures + ": " + expected), err);
        }
    }

    @Test
    void aRunIsJudgedByThePicturesOfItsFitAlone() throws IOException {
        Path vertical = pictures.resolve("vertical");
        Path other = pictures.resolve("zebra");
        Files.move(vertical, other);
        assertRefused("found classes [horizontal, zebra], expected [horizontal, vertical] as when the run began");
        Files.move(other, vertical);

        byte[] picture = PngFile.of(new Image(12, 12, Image.Mode.GRAY, new byte[144]));
        Files.createDirectory(other);
        Path first = Files.write(other.resolve("first.png"), picture);
        Path second = Files.write(other.resolve("second.png"), picture);
        assertRefused("found classes [horizontal, vertical, zebra], expected [horizontal, vertical]");
        Files.delete(second);
        Path added = Files.move(first, vertical.resolve("first.png"));
        Files.delete(other);
        assertRefused("found 17 training and 4 held-out pictures, expected 16 and 4 as when the run began");

        Files.delete(added);
        assertEquals(0, trainer("eval", run), err);

        Path shown;
        try (Stream<Path> files = Files.list(vertical)) {
            shown = files.findFirst().orElseThrow();
        }
        Path hidden = vertical.resolve("zzz.png");
        Files.move(shown, hidden);
        assertRefused(
                "found as many pictures of other names, expected the same files in the same class folders as when");
        Files.move(hidden, shown);
        assertEquals(0, trainer("eval", run), err);
    }

    @Test
    void aRunFromBeforePicturesWereCountedIsJudged() throws IOException {
        Path metrics = Path.of(run).resolve(RunFolder.METRICS);
        Path config = Path.of(run).resolve(RunFolder.CONFIG);
        Files.writeString(config, Files.readString(config).replaceAll("  \"pictureNamesSha256\".*\n", ""));
        Files.writeString(metrics, Files.readString(metrics).replaceAll(",\"pictures\".*}", "}"));
        assertEquals(0, trainer("eval", run), err);
        Files.delete(metrics);
        assertEquals(0, trainer("eval", run), err);
    }
}
