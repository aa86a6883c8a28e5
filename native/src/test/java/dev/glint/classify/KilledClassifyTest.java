package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.drift.DriftFile;
import dev.glint.runtime.drift.DriftMonitor;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.file.Sha256;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.testing.KilledProcess;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a watcher, a service and a batch leave whom a SIGKILL ends at a random point: whole files, and nothing else where they look
 * for their model. {@code -Dglint.kills=100} kills each so often.
 */
class KilledClassifyTest {
    private static final String LOCK = ".drift.json.lock";

    @TempDir
    private Path folder;

    private Path model = Path.of("");
    private Path album = Path.of("");
    private Path work = Path.of("");

    @BeforeEach
    void makeModelAndPictures() throws IOException {
        model = TinyModel.write(folder.resolve("model/int8.onnx"));
        album = Files.createDirectory(folder.resolve("album"));
        work = Files.createDirectory(folder.resolve("work"));
        DriftMonitor usual = new DriftMonitor(TinyModel.contract());
        try (Classifier classifier = Classifier.open(model)) {
            for (int i = 0; i < 50; i++) {
                Image picture = SyntheticPictures.noise(8, 8 + i % 3, Image.Mode.RGB);
                usual.classify(classifier, picture);
                Files.write(album.resolve(i + ".png"), PngFile.of(picture));
            }
        }
        TinyModel.setMetadata(model, DriftProfile.METADATA_KEY, usual.profile().toJson());
    }

    @Test
    void aWatcherLeavesWholeCounts() throws IOException, InterruptedException {
        kill("--watch", album, "--existing", "--drift", work.resolve("drift.json"), "--model", model);
    }

    @Test
    void aBatchLeavesWholeCounts() throws IOException, InterruptedException {
        kill("--drift", work.resolve("drift.json"), "--model", model, album);
    }

    @Test
    void aServiceLeavesNothing() throws IOException, InterruptedException {
        kill("serve", "--listen", "127.0.0.1:0", "--model", model);
        assertEquals(List.of(), files(work));
    }

    private void kill(Object... arguments) throws IOException, InterruptedException {
        Map<String, String> before = content();
        KilledProcess process = new KilledProcess(Classify.class, arguments);
        long counted = 0;
        for (int i = 0; i < KilledProcess.KILLS; i++) {
            process.killWhile(work, i);
            assertEquals(before, content(), process::toString);
            counted = assertWhole(counted);
            if (i % 2 == 1) {
                // To be made anew.
                Files.deleteIfExists(work.resolve("drift.json"));
                counted = 0;
            }
        }
        System.out.println(process.summary());
    }

    /** What was counted before is still there; gives how many pictures there are now. */
    private long assertWhole(long before) throws IOException {
        for (String name : files(work)) {
            Path file = work.resolve(name);
            assertTrue(name.equals("drift.json") || name.equals(LOCK) || AtomicFile.isTemporary(file), name);
        }
        Path file = work.resolve("drift.json");
        if (!Files.exists(file)) {
            return before;
        }
        DriftFile drift = new DriftFile(file);
        DriftFile.Content content = drift.read();
        assertTrue(content.seen().pictures() >= before, content.seen().pictures() + " after " + before);
        // The dead hold no lock.
        drift.add(content.baseline(), content.baseline());
        long now = drift.read().seen().pictures();
        assertEquals(content.seen().pictures() + content.baseline().pictures(), now);
        return now;
    }

    private static List<String> files(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        for (Path place : List.of(model.getParent(), album)) {
            for (String name : files(place)) {
                content.put(place.getFileName() + "/" + name, Sha256.ofFile(place.resolve(name)));
            }
        }
        return content;
    }
}
