package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.exporter.Exporter;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.file.AtomicFolder;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.runtime.testing.KilledProcess;
import dev.glint.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that a SIGKILL ends at a random point of their life: what stands under its name is whole, what does not is known as
 * a beginning, and the same command given again ends as if nothing had happened. {@code -Dglint.kills=100} kills each so often.
 */
class KilledCommandsTest {
    private static final Path RUN = BarRun.get().path();

    @TempDir
    private Path folder;

    private Path work = Path.of("");

    @BeforeEach
    void makeFolder() {
        work = folder.resolve("work");
    }

    private Path model() {
        return work.resolve("model");
    }

    @Test
    void anExportIsWholeOrNotThere() throws IOException, InterruptedException {
        kill(Exporter.class, List.of(), "export", RUN, "--out", model());
    }

    @Test
    void whatIsQuantisedIsWholeOrNotThere() throws IOException, InterruptedException {
        Path floats = folder.resolve("floats");
        assertEquals(0, CommandRun.of("export", RUN, "--out", floats).exitCode());
        kill(Exporter.class, List.of(floats), "quantize", model(), "--calibration", RUN, "--samples", 20);
    }

    @Test
    void whatIsImportedIsWholeOrNotThere() throws IOException, InterruptedException {
        Path floats = folder.resolve("floats");
        assertEquals(0, CommandRun.of("export", RUN, "--out", floats).exitCode());
        kill(
                Exporter.class,
                List.of(),
                "import",
                floats.resolve(ModelFolder.FP32),
                "--contract",
                RUN.resolve("contract.json"),
                "--out",
                model());
    }

    @Test
    void picturesAreAllThereOrNone() throws IOException, InterruptedException {
        kill(Trainer.class, List.of(), "data", "bars", "--limit", 40, "--out", model());
    }

    /** Kills a command again and again, each time in a work folder where the given model lies already, if any. */
    private void kill(Class<?> program, List<Path> before, Object... arguments)
            throws IOException, InterruptedException {
        KilledProcess process = new KilledProcess(program, arguments);
        int begun = 0;
        for (int i = 0; i < KilledProcess.KILLS; i++) {
            process.killWhile(work, i, () -> {
                AtomicFolder.deleteTree(work);
                Files.createDirectories(work);
                for (Path given : before) {
                    copy(given, model());
                }
            });
            assertWhole(process.toString());
            begun += hasBeginnings() ? 1 : 0;
            // Killed when all was done but its way out: a whole model is not replaced unasked.
            if (!before.isEmpty() || !Files.exists(model())) {
                process.runToItsEnd();
                assertWhole(process + ", given again");
            }
            assertTrue(Files.isDirectory(model()), process::toString);
        }
        System.out.println(process.summary() + ", with the beginning of something left " + begun + " times");
    }

    private boolean hasBeginnings() throws IOException {
        try (Stream<Path> all = Files.walk(work)) {
            return all.anyMatch(AtomicFile::isTemporary);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private void assertWhole(String when) throws IOException {
        try (Stream<Path> beside = Files.list(work)) {
            List<Path> unknown = beside.filter(path -> !path.equals(model()) && !AtomicFile.isTemporary(path))
                    .toList();
            assertEquals(List.of(), unknown, when);
        }
        if (!Files.exists(model())) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(model())) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !AtomicFile.isTemporary(file))
                    .toList();
        }
        List<Path> pictures = new ArrayList<>();
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.endsWith(".onnx")) {
                OnnxReader.read(file);
            } else if (name.endsWith(".png")) {
                ImageDecoder.decode(file, DecodeOptions.defaults());
                pictures.add(file);
            } else if (name.endsWith(".html")) {
                assertTrue(Files.readString(file).strip().endsWith("</html>"), when + ": " + file);
            }
        }
        if (pictures.isEmpty()) {
            assertListed(when);
        } else {
            assertEquals(40, pictures.size(), when);
        }
    }

    /** A model folder has its manifest, whose every file is there with its hash. */
    private void assertListed(String when) throws IOException {
        Manifest manifest = Manifest.read(model().resolve(ModelFolder.MANIFEST));
        Set<String> listed = new TreeSet<>();
        for (Variant variant : manifest.variants()) {
            assertEquals(variant.sha256(), Variant.sha256(model().resolve(variant.file())), when);
            listed.add(variant.file());
        }
        assertTrue(listed.contains(ModelFolder.FP32), when + ": " + listed);
    }
}
