package dev.glint.classify.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderWatchTest {
    @TempDir
    private Path folder;

    @TempDir
    private Path elsewhere;

    /** A picture that was written long ago comes into the folder at once. */
    private void renameIn(String name) throws IOException {
        Files.move(old(elsewhere.resolve("written")), folder.resolve(name));
    }

    private static Path old(Path file) throws IOException {
        Files.write(file, new byte[] {1});
        return Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
    }

    private static String next(PictureSource watch) {
        return assertTimeoutPreemptively(
                Duration.ofMinutes(1),
                () -> Path.of(watch.next().orElseThrow().name()).getFileName().toString());
    }

    @Test
    void picturesThatComeAreFound() throws IOException {
        old(folder.resolve("before.png"));
        try (FolderWatch watch = new FolderWatch(folder, false)) {
            renameIn("notes.txt");
            renameIn(".hidden.png");
            renameIn("a.png");
            assertEquals("a.png", next(watch));

            Files.write(folder.resolve("b.jpg"), new byte[] {1});
            assertEquals("b.jpg", next(watch));

            Files.write(folder.resolve("a.png"), new byte[] {1, 2});
            assertEquals("a.png", next(watch));
        }
    }

    @Test
    void thoseThatAreThereMayComeFirst() throws IOException {
        old(folder.resolve("2.png"));
        old(folder.resolve("1.png"));
        Files.createDirectory(folder.resolve("deep"));
        old(folder.resolve("deep/3.png"));
        try (FolderWatch watch = new FolderWatch(folder, true)) {
            renameIn("0.png");

            Set<String> found = new TreeSet<>(Set.of(next(watch), next(watch), next(watch)));

            assertEquals(Set.of("0.png", "1.png", "2.png"), found);
            renameIn("4.png");
            assertEquals("4.png", next(watch));
        }
    }

    /** More than the JDK queues of one folder's events. */
    @Test
    void noneOfManyIsLost() throws IOException {
        try (FolderWatch watch = new FolderWatch(folder, false)) {
            for (int i = 0; i < 2_000; i++) {
                renameIn(i + ".png");
            }
            Set<String> found = new TreeSet<>();
            while (found.size() < 2_000) {
                found.add(next(watch));
            }
        }
    }

    @Test
    void noneIsLostWhenNobodyListensForLong() throws IOException, InterruptedException {
        try (FolderWatch watch = new FolderWatch(folder, false)) {
            synchronized (watch.arriving) {
                for (int i = 0; i < 700; i++) {
                    renameIn(i + ".png");
                }
                Thread.sleep(11_000);
            }
            Set<String> found = new TreeSet<>();
            while (found.size() < 700) {
                found.add(next(watch));
            }
        }
    }

    @Test
    void aFolderThatCannotBeWatchedIsNamed() throws IOException {
        Path missing = folder.resolve("missing");
        GlintException failure = assertThrows(GlintException.class, () -> new FolderWatch(missing, false));
        assertEquals(
                missing + ": found no such folder, expected a folder to watch; check the path, or make it first",
                failure.getMessage());
        Path file = old(folder.resolve("a.png"));
        failure = assertThrows(GlintException.class, () -> new FolderWatch(file, false));
        assertTrue(failure.getMessage().startsWith(file + ": found no folder, expected"), failure.getMessage());
    }

    @Test
    void aFolderThatGoesAwayEndsIt() throws IOException {
        Path watched = Files.createDirectory(folder.resolve("watched"));
        try (FolderWatch watch = new FolderWatch(watched, false)) {
            Files.delete(watched);
            assertGone(watched, watch);
        }
    }

    @ValueSource(booleans = {false, true})
    @ParameterizedTest
    void aFolderThatIsRenamedEndsIt(boolean replaced) throws IOException {
        Path watched = Files.createDirectory(folder.resolve("watched"));
        try (FolderWatch watch = new FolderWatch(watched, false)) {
            Files.move(watched, elsewhere.resolve("renamed"));
            if (replaced) {
                Files.createDirectory(watched);
            }
            assertGone(watched, watch);
        }
    }

    private static void assertGone(Path watched, FolderWatch watch) {
        GlintException failure =
                assertTimeoutPreemptively(Duration.ofMinutes(1), () -> assertThrows(GlintException.class, watch::next));

        assertTrue(
                failure.getMessage().startsWith(watched + ": found a folder that is gone, expected"),
                failure.getMessage());
    }
}
