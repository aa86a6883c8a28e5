package dev.glint.classify.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrivingTest {
    private static final long MILLI = 1_000_000;

    @TempDir
    private Path folder;

    private final Arriving arriving = new Arriving();

    /** A file whose clock runs ahead, so that its time never says that it is complete. */
    private Path changing(String name) throws IOException {
        Path file = Files.write(folder.resolve(name), new byte[10]);
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() + 3_600_000));
        return file;
    }

    @Test
    void aFileIsCompleteWhenItWasQuietForHalfASecond() throws IOException {
        Path file = changing("a.png");
        long before = System.nanoTime();
        arriving.add(file);
        long after = System.nanoTime();

        assertEquals(Optional.empty(), arriving.poll(before + 499 * MILLI));
        assertEquals(Optional.of(file), arriving.poll(after + 500 * MILLI));
        assertEquals(Optional.empty(), arriving.poll(after + 5_000 * MILLI));
    }

    @Test
    void aFileThatGrowsIsWaitedFor() throws IOException {
        Path file = changing("a.png");
        arriving.add(file);
        long now = System.nanoTime() + 600 * MILLI;
        Files.write(file, new byte[1], StandardOpenOption.APPEND);
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() + 3_600_000));

        assertEquals(Optional.empty(), arriving.poll(now));
        assertEquals(Optional.empty(), arriving.poll(now + 499 * MILLI));
        assertEquals(Optional.of(file), arriving.poll(now + 500 * MILLI));
    }

    @Test
    void aFileThatWasWrittenLongAgoIsCompleteAtOnce() throws IOException {
        Path file = changing("a.png");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        arriving.add(file);

        assertEquals(Optional.of(file), arriving.poll(System.nanoTime()));
    }

    @Test
    void whatIsWrittenAgainComesOnceAndAtTheEnd() throws IOException {
        Path a = changing("a.png");
        Path b = changing("b.png");
        arriving.add(a);
        arriving.add(b);
        arriving.add(a);
        long later = System.nanoTime() + 500 * MILLI;

        assertEquals(Optional.of(b), arriving.poll(later));
        assertEquals(Optional.of(a), arriving.poll(later));
        assertEquals(Optional.empty(), arriving.poll(later));
    }

    @Test
    void whatIsGoneIsForgotten() throws IOException {
        Path told = changing("told.png");
        Path untold = changing("untold.png");
        arriving.add(told);
        arriving.add(untold);
        Files.delete(told);
        Files.delete(untold);
        arriving.remove(told);
        arriving.add(folder.resolve("never.png"));

        assertEquals(Optional.empty(), arriving.poll(System.nanoTime() + 500 * MILLI));
    }

    @Test
    void whatIsFoundCompleteDoesNotComeAgain() throws IOException {
        Path file = changing("a.png");
        arriving.add(file);
        assertFalse(arriving.isQuiet(file));
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));

        assertTrue(arriving.isQuiet(file));
        assertEquals(Optional.empty(), arriving.poll(System.nanoTime() + 500 * MILLI));
    }

    @Test
    void whatWasTakenComesAgainOnlyWhenItIsWritten() throws IOException {
        Path file = Files.write(folder.resolve("a.png"), new byte[10]);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        arriving.add(file);
        assertEquals(Optional.of(file), arriving.poll(System.nanoTime()));

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        arriving.add(file);
        assertEquals(Optional.empty(), arriving.poll(System.nanoTime()));

        Files.write(file, new byte[11]);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        arriving.add(file);
        assertEquals(Optional.of(file), arriving.poll(System.nanoTime()));

        Files.setLastModifiedTime(file, FileTime.fromMillis(2_000));
        arriving.add(file);
        assertEquals(Optional.of(file), arriving.poll(System.nanoTime()));

        Path other = Files.write(folder.resolve("other"), new byte[11]);
        Files.setLastModifiedTime(other, FileTime.fromMillis(2_000));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        arriving.add(file);
        assertEquals(Optional.of(file), arriving.poll(System.nanoTime()));

        arriving.remove(file);
        arriving.add(file);
        assertEquals(Optional.of(file), arriving.poll(System.nanoTime()));
    }

    @Test
    void whatWasFoundComesAgainOnlyWhenItIsWritten() throws IOException {
        Path file = Files.write(folder.resolve("a.png"), new byte[10]);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        assertTrue(arriving.isQuiet(file));
        arriving.add(file);

        assertEquals(Optional.empty(), arriving.poll(System.nanoTime()));
    }

    @Test
    void onlySoManyAreRemembered() throws IOException {
        Taken taken = new Taken();
        Path file = Files.write(folder.resolve("a.png"), new byte[10]);
        Look look = Look.of(Files.readAttributes(file, BasicFileAttributes.class));
        taken.add(file, look);
        for (int i = 1; i < Taken.MAX_FILES; i++) {
            taken.add(Files.createFile(folder.resolve(i + ".png")), look);
        }
        assertTrue(taken.contains(file, look));

        taken.add(Files.createFile(folder.resolve("last.png")), look);
        assertFalse(taken.contains(file, look));
    }

    @Test
    void afterLostEventsWhatChangedSinceIsFound() throws IOException {
        Path file = changing("a.png");
        arriving.addIfChangedSince(file, System.currentTimeMillis() + 60_000);
        assertEquals(Optional.empty(), arriving.poll(System.nanoTime() + 500 * MILLI));

        arriving.addIfChangedSince(file, System.currentTimeMillis() - 60_000);
        assertEquals(Optional.of(file), arriving.poll(System.nanoTime() + 500 * MILLI));
    }
}
