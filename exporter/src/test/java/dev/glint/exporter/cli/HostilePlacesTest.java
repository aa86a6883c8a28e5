package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.exporter.testing.Folders;
import dev.glint.runtime.file.AtomicFolder;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.runtime.testing.MountedDisk;
import dev.glint.trainer.cli.TrainerCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Places that cannot be written to, or have too little room: one line that names them, and everything as it was. */
class HostilePlacesTest {
    private static final Path RUN = BarRun.get().path();
    private static final long ROOM = 64 << 20;

    @TempDir
    private Path folder;

    private Path floats = Path.of("");

    @BeforeEach
    void export() {
        floats = folder.resolve("floats");
        assertEquals(0, CommandRun.of("export", RUN, "--out", floats).exitCode());
    }

    /** What makes something new in a folder: the command, then its arguments. */
    private List<List<Object>> makers(Path out) {
        return List.of(
                List.of("export", RUN, "--out", out),
                List.of(
                        "import",
                        floats.resolve(ModelFolder.FP32),
                        "--contract",
                        RUN.resolve("contract.json"),
                        "--out",
                        out),
                List.of("data", "bars", "--limit", 200, "--out", out),
                List.of("fit", "--model", "bar-cnn", "--limit", 100, "--epochs", 1, "--run", out));
    }

    private static CommandRun run(List<Object> words) {
        String verb = words.get(0).toString();
        if (!List.of("data", "fit").contains(verb)) {
            return CommandRun.of(words.toArray());
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                TrainerCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = command.execute(words.stream().map(Object::toString).toArray(String[]::new));
        return new CommandRun(exitCode, out.toString(), err.toString());
    }

    private static void assertRefused(CommandRun run, Path disk, Object words) {
        assertEquals(3, run.exitCode(), words + ": " + run);
        List<String> errors =
                run.err().lines().filter(line -> line.startsWith("error: ")).toList();
        assertEquals(1, errors.size(), words + ": " + run);
        assertTrue(errors.get(0).contains(disk.toString()), words + ": " + run);
        assertTrue(run.err().lines().noneMatch(line -> line.startsWith("\tat ")), run.err());
    }

    @Test
    void aReadOnlyDiskIsNamed() throws IOException, InterruptedException {
        try (MountedDisk disk = new MountedDisk(folder.resolve("disk"), ROOM)) {
            disk.makeReadOnly();
            for (List<Object> words : makers(disk.folder().resolve("new"))) {
                assertRefused(run(words), disk.folder(), words);
            }
            assertEquals(List.of(), files(disk.folder()));
        }
    }

    @Test
    void aModelOnAReadOnlyDiskStaysAsItIs() throws IOException, InterruptedException {
        try (MountedDisk disk = new MountedDisk(folder.resolve("disk"), ROOM)) {
            Path model = Files.createDirectory(disk.folder().resolve("model"));
            for (Path file : files(floats)) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
            disk.makeReadOnly();
            Map<String, Integer> before = Folders.content(disk.folder());

            List<Object> quantize = List.of("quantize", model, "--calibration", RUN, "--samples", 20);
            assertRefused(run(quantize), disk.folder(), quantize);
            assertEquals(before, Folders.content(disk.folder()));
        }
    }

    @Test
    void aFullDiskIsNamedAndNothingStaysOnIt() throws IOException, InterruptedException {
        List<Object> whole = new ArrayList<>();
        for (int kib : new int[] {4, 16, 32}) {
            try (MountedDisk disk = new MountedDisk(folder.resolve("disk" + kib), kib << 10)) {
                Path out = disk.folder().resolve("new");
                for (List<Object> words : makers(out)) {
                    CommandRun run = run(words);
                    if (run.exitCode() == 0) {
                        whole.add(words.get(0));
                        delete(out);
                        continue;
                    }
                    assertRefused(run, disk.folder(), words);
                    if (words.get(0).equals("fit")) {
                        delete(out);
                    }
                    assertEquals(List.of(), files(disk.folder()), words.toString());
                }
            }
        }
        assertTrue(whole.size() < 6, whole + " had room, so too little was full");
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            AtomicFolder.deleteTree(folder);
        }
    }

    private static List<Path> files(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.sorted().toList();
        }
    }
}
