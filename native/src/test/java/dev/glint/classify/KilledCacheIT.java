package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.file.AtomicFolder;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.KilledProcess;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.Skip;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native binary, which a SIGKILL ends while it keeps an optimised model: what is found there later is whole. */
class KilledCacheIT {
    private static final Path BINARY = SharedData.projectRoot().resolve("native/target/dist/classify");
    private static final int LIFE_MILLIS = 400;
    private static final int SOON_MILLIS = 60;
    private static final int STARTS = 1000;

    @TempDir
    private Path folder;

    @Test
    void whatIsKeptIsWhole() throws IOException, InterruptedException {
        if (!Files.isExecutable(BINARY)) {
            Skip.needs(KilledCacheIT.class, "the native binary: build with GRAALVM_HOME in the environment");
        }
        Path model = TinyModel.writeLarge(folder.resolve("large.onnx"));
        Path picture = folder.resolve("picture.png");
        Files.write(picture, PngFile.of(SyntheticPictures.noise(9, 9, Image.Mode.RGB)));
        Path cache = folder.resolve("cache");
        KilledProcess process = new KilledProcess(
                "classify, keeping a model",
                List.of(BINARY.toString(), "--engine", "ort", "--model", model.toString(), picture.toString()),
                Map.of("XDG_CACHE_HOME", cache.toString()),
                LIFE_MILLIS,
                SOON_MILLIS);
        long bytes = undisturbed(process, cache);

        int whole = 0;
        int begun = 0;
        for (int i = 0; i < KilledProcess.KILLS; i++) {
            process.killWhile(cache, i, () -> empty(cache));
            List<Path> left = files(cache);
            begun += left.stream().anyMatch(KilledCacheIT::isBeginning) ? 1 : 0;
            Map<Path, FileTime> kept = assertWhole(left, bytes, process.toString());
            whole += kept.size();
            process.runToItsEnd();
            Map<Path, FileTime> used = assertWhole(files(cache), bytes, process + ", run again");
            assertEquals(1, used.size(), process::toString);
            assertTrue(kept.isEmpty() || kept.equals(used), () -> process + ", and made again what was found");
        }
        System.out.println(process.summary() + "; the model was kept whole by then " + whole
                + " times, the beginning of something was left " + begun + " times");
    }

    /** Just written, a model might change once more unseen, so it takes some starts until it is kept. */
    private static long undisturbed(KilledProcess process, Path cache) throws IOException, InterruptedException {
        for (int starts = 0; starts < STARTS; starts++) {
            empty(cache);
            process.runToItsEnd();
            for (Path file : files(cache)) {
                if (file.toString().endsWith(".ort")) {
                    return Files.size(file);
                }
            }
        }
        throw new AssertionError("nothing was kept");
    }

    private static void empty(Path cache) throws IOException {
        if (Files.exists(cache)) {
            AtomicFolder.deleteTree(cache);
        }
        Files.createDirectory(cache);
    }

    private static List<Path> files(Path cache) throws IOException {
        try (Stream<Path> all = Files.walk(cache)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static boolean isBeginning(Path file) {
        return AtomicFile.isTemporary(file) || file.getFileName().toString().matches("new\\d+\\.tmp");
    }

    /** The models that are kept, with a file that lets them be found, and when they were written; nothing else may be there. */
    private static Map<Path, FileTime> assertWhole(List<Path> files, long bytes, String when) throws IOException {
        Map<Path, FileTime> kept = new HashMap<>();
        boolean found = false;
        for (Path file : files) {
            if (file.toString().endsWith(".ort")) {
                assertEquals(bytes, Files.size(file), when);
                kept.put(file, Files.getLastModifiedTime(file));
            } else if (file.toString().endsWith(".key")) {
                assertEquals(2, Files.readAllLines(file).size(), when);
                found = true;
            } else {
                assertTrue(isBeginning(file), () -> when + ": " + file);
            }
        }
        return found ? kept : Map.of();
    }
}
