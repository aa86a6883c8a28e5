package dev.glint.trainer.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.FaultyFiles;
import dev.glint.runtime.testing.Resources;
import dev.glint.trainer.tensorboard.Summary.Scalar;
import dev.glint.trainer.tensorboard.Summary.Text;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a file that TensorBoard's own writer has written: {@code src/test/scripts/record_events.py}. */
class EventFileTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_125L), ZoneOffset.UTC);
    private static final List<Summary> CURVES =
            List.of(new Scalar("loss/train", 0.1), new Scalar("accuracy/held-out", 0.75));

    @TempDir
    Path folder;

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void writesWhatTensorBoardsOwnWriterDoes() throws IOException {
        try (EventFile file = EventFile.create(folder, CLOCK, 7)) {
            // Step 0 is left out on the wire, as proto3 does with what is 0.
            file.add(0, List.of(new Text("config", "    größe: 32\n")));
            file.add(1, CURVES);
            file.add(300, CURVES);
        }
        Path file = files().get(0);
        assertTrue(file.getFileName().toString().startsWith("events.out.tfevents.1700000000."), file.toString());
        assertArrayEquals(Resources.bytes("dev/glint/trainer/tensorboard/events"), Files.readAllBytes(file));
    }

    @Test
    void whatIsAddedIsThereAtOnce() throws IOException {
        try (EventFile file = EventFile.create(folder, CLOCK, 7)) {
            long before = Files.size(files().get(0));
            file.add(1, CURVES);
            assertTrue(Files.size(files().get(0)) > before);
        }
    }

    @Test
    void aFileOfTheSameNameIsNotOverwritten() throws IOException {
        try (EventFile file = EventFile.create(folder, CLOCK, 7)) {
            file.add(1, CURVES);
            assertThrows(IOException.class, () -> EventFile.create(folder, CLOCK, 7));
        }
        assertEquals(1, files().size());
    }

    @Test
    void nothingIsAddedToAClosedFile() throws IOException {
        EventFile file = EventFile.create(folder, CLOCK, 7);
        file.close();
        assertThrows(ClosedChannelException.class, () -> file.add(1, CURVES));
    }

    @Test
    void aFullDiskIsNamedAndLeavesNoPartOfAnEvent() throws IOException {
        // The first operation makes the file, the second writes to it.
        FaultyFiles files = new FaultyFiles(folder, FaultyFiles.Fault.FULL_DISK, 2);
        FileSystemException e =
                assertThrows(FileSystemException.class, () -> EventFile.create(files.folder(), CLOCK, 7));
        assertEquals(files().get(0).toString(), e.getFile());
        assertEquals("No space left on device", e.getReason());
        assertEquals(0, Files.size(files().get(0)));
    }

    @Test
    void deletesItsFilesAndNoOthers() throws IOException {
        assertFalse(EventFile.isIn(folder));
        EventFile.create(folder, CLOCK, 7).close();
        assertTrue(EventFile.isIn(folder));
        Path other = Files.writeString(folder.resolve("notes.txt"), "mine");
        EventFile.deleteAll(folder);
        assertEquals(List.of(other), files());
        Files.delete(other);
        EventFile.deleteAll(folder);
        assertFalse(Files.exists(folder));
        EventFile.deleteAll(folder);
    }
}
