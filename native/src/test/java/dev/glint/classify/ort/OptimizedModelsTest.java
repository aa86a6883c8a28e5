package dev.glint.classify.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptimizedModelsTest {
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));

    @TempDir
    private Path home;

    private Path folder;
    private Path model;
    private int user;

    @BeforeEach
    void writeModel() throws IOException {
        folder = home.resolve(".cache/glint");
        model = Files.writeString(home.resolve("fp32.onnx"), "a model");
        user = FileIdentity.read(home).uid();
    }

    @Test
    void whatWasKeptIsFound() throws Exception {
        OptimizedModels models = models("1.28.0");
        assertEquals(Optional.empty(), models.find(model));

        assertTrue(models.add(model, OptimizedModelsTest::write));

        Path found = models.find(model).orElseThrow();
        assertEquals("optimised", Files.readString(found));
        for (Path file : List.of(found, key())) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        for (Path place : List.of(folder, folder.getParent())) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place)));
        }
        assertEquals(2, files().size(), "the optimised file and its key: " + files());
    }

    @Test
    void anotherOnnxRuntimeOrProcessorHasItsOwn() throws Exception {
        models("1.28.0").add(model, OptimizedModelsTest::write);

        assertEquals(Optional.empty(), models("1.29.0").find(model));
        models("1.29.0").add(model, OptimizedModelsTest::write);
        assertEquals(4, files().size());
    }

    @Test
    void aModelThatChangedIsAnother() throws Exception {
        models("1").add(model, OptimizedModelsTest::write);

        Files.writeString(model, "A model");

        assertEquals(Optional.empty(), models("1").find(model));
    }

    @Test
    void whatWasTouchedCountsForNothing() throws Exception {
        models("1").add(model, OptimizedModelsTest::write);
        Path kept = models("1").find(model).orElseThrow();

        Files.writeString(kept, "optimizer");
        assertEquals(Optional.empty(), models("1").find(model));

        Files.writeString(
                key(), "../../elsewhere.ort\n" + FileIdentity.read(kept).text() + "\n");
        assertEquals(Optional.empty(), models("1").find(model));
        Files.writeString(key(), "");
        assertEquals(Optional.empty(), models("1").find(model));

        models("1").add(model, OptimizedModelsTest::write);
        assertEquals("optimised", Files.readString(models("1").find(model).orElseThrow()));
    }

    @Test
    void whereOthersCanWriteNothingIsReadOrKept() throws Exception {
        models("1").add(model, OptimizedModelsTest::write);
        Path kept = models("1").find(model).orElseThrow();
        for (Path place : List.of(folder, kept, key())) {
            var before = Files.getPosixFilePermissions(place);
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwx---"));
            assertEquals(Optional.empty(), models("1").find(model), place.toString());
            if (place.equals(folder)) {
                assertFalse(models("1").add(model, OptimizedModelsTest::write));
            }
            Files.setPosixFilePermissions(place, before);
        }
        OptimizedModels ofAnother = new OptimizedModels(folder, user + 1, "1", LATER);
        assertEquals(Optional.empty(), ofAnother.find(model));
        assertFalse(ofAnother.add(model, OptimizedModelsTest::write));
    }

    @Test
    void aLinkOfOnesOwnLeadsToTheCache() throws Exception {
        Path real = linkedFolder();

        assertTrue(models("1").add(model, OptimizedModelsTest::write));

        assertEquals(real, models("1").find(model).orElseThrow().toRealPath().getParent());
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwxrwx---"));
        assertEquals(Optional.empty(), models("1").find(model));
        assertFalse(models("1").add(model, OptimizedModelsTest::write));
    }

    @Test
    void aLinkToALinkIsNoCache() throws Exception {
        Path real = linkedFolder();
        Files.delete(folder);
        Files.createSymbolicLink(folder, Files.createSymbolicLink(home.resolve("link"), real));

        assertFalse(models("1").add(model, OptimizedModelsTest::write));
        assertEquals(0, real.toFile().list().length);
    }

    @Test
    void aLinkOfAnotherUserIsNoCache() throws Exception {
        Assumptions.assumeTrue(user == 0, "only root makes links of others");
        Path real = linkedFolder();
        Files.setAttribute(folder, "unix:uid", 65_534, LinkOption.NOFOLLOW_LINKS);

        assertFalse(models("1").add(model, OptimizedModelsTest::write));
        assertEquals(0, real.toFile().list().length);
    }

    @Test
    void aLinkOfRootLeadsToTheUsersCache() throws Exception {
        Assumptions.assumeTrue(user == 0, "only root gives folders away");
        Path real = linkedFolder();
        Files.setAttribute(real, "unix:uid", 65_534);

        assertFalse(models("1").add(model, OptimizedModelsTest::write), "root's own cache");
        // Nothing that root writes into it belongs to the user, so only that it is taken is seen.
        assertTrue(new OptimizedModels(folder, 65_534, "1", LATER).add(model, OptimizedModelsTest::write));
    }

    /** A folder of one's own behind a link in the place of the cache. */
    private Path linkedFolder() throws IOException {
        Path real = Files.createDirectories(home.resolve("real")).toRealPath();
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwx------"));
        Files.createDirectory(folder.getParent());
        // As systemd writes it, from where the link is.
        Files.createSymbolicLink(folder, Path.of("../real"));
        return real;
    }

    @Test
    void withoutAHomeNothingIsMade() throws Exception {
        folder = home.resolve("absent/.cache/glint");

        assertFalse(models("1").add(model, OptimizedModelsTest::write));
        assertFalse(Files.exists(home.resolve("absent")));
    }

    @Test
    void aFailureLeavesNothing() throws Exception {
        assertThrows(
                OrtFailure.class,
                () -> models("1").add(model, file -> {
                    throw new OrtFailure(1, "no");
                }));

        assertEquals(List.of(), files());
    }

    @Test
    void aClockThatWasSetBackKeepsNothingAndBreaksNothing() throws Exception {
        Clock earlier = Clock.offset(Clock.systemUTC(), Duration.ofDays(-1));

        assertTrue(new OptimizedModels(folder, user, "1", earlier).add(model, OptimizedModelsTest::write));

        assertEquals(Optional.empty(), models("1").find(model));
        assertEquals(List.of(), files());
        models("1").add(model, OptimizedModelsTest::write);
        assertTrue(models("1").find(model).isPresent());
    }

    /** Within a step of the file system's clock it could change once more unseen. */
    @Test
    void aModelThatWasJustWrittenIsNotKept() throws Exception {
        OptimizedModels now = new OptimizedModels(folder, user, "1", Clock.systemUTC());

        assertTrue(now.add(model, OptimizedModelsTest::write));

        assertEquals(List.of(), files());
    }

    @Test
    void theOldestGo() throws Exception {
        for (int i = 0; i < 12; i++) {
            Path another = Files.writeString(home.resolve(i + ".onnx"), "model " + i);
            models("1").add(another, OptimizedModelsTest::write);
        }

        assertEquals(16, files().size());
        assertTrue(models("1").find(home.resolve("11.onnx")).isPresent());
    }

    @Test
    void whatKilledProcessesHadBegunGoes() throws Exception {
        assertTrue(models("1").add(model, OptimizedModelsTest::write));
        Path abandoned = Files.writeString(folder.resolve("new123.tmp"), "half");
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        Path others = Files.writeString(folder.resolve(".a.ort.1-1.tmp"), "of now");

        models("2").add(model, OptimizedModelsTest::write);

        assertFalse(Files.exists(abandoned));
        assertTrue(Files.exists(others));
    }

    private OptimizedModels models(String optimizer) {
        return new OptimizedModels(folder, user, optimizer, LATER);
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "optimised");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path key() throws IOException {
        return files().stream()
                .filter(file -> file.toString().endsWith(".key"))
                .findFirst()
                .orElseThrow();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
