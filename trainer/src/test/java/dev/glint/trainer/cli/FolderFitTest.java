package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Bars from PNG files, with everything that can be done to them. */
class FolderFitTest {
    @TempDir
    Path folder;

    private Path pictures;
    private String err = "";

    @BeforeEach
    void writePictures() {
        pictures = folder.resolve("pictures");
        assertEquals(0, run("data", "bars", "--limit", "200", "--out", pictures.toString()));
    }

    private int run(String... arguments) {
        StringWriter messages = new StringWriter();
        CommandLine command = TrainerCommand.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(messages));
        int exitCode = command.execute(arguments);
        err = messages.toString();
        return exitCode;
    }

    private int fit(String name, String... more) {
        List<String> arguments = new java.util.ArrayList<>(List.of(
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
        assertEquals(0, run("eval", folder.resolve("one").toString()));
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
