package dev.glint.trainer.tensorboard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A file of events that grows while TensorBoard looks at it. Each event is a record of the TFRecord format: its length (8
 * bytes, little endian), the length's masked CRC-32C, the event, the event's masked CRC-32C. A record is there whole or
 * not at all. TensorBoard reads all event files of a folder in the order of their names, so a process that goes on where
 * another one stopped makes a file of its own. For use by one thread.
 *
 * @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details">The format of records</a>
 */
public final class EventFile implements AutoCloseable {
    /** By this beginning of their names TensorBoard finds its files. */
    private static final String PREFIX = "events.out.tfevents.";

    private static final int FRAME = Long.BYTES + 2 * Integer.BYTES;

    private final Path path;
    private final FileChannel channel;
    private final Clock clock;

    private EventFile(Path path, FileChannel channel, Clock clock) {
        this.path = path;
        this.channel = channel;
        this.clock = clock;
    }

    /**
     * Begins a file of its own, whose name sorts behind those of earlier seconds.
     *
     * @param folder made if it is missing
     * @param clock tells when an event happened
     * @param firstStep from which on this file counts, whatever earlier ones say
     */
    public static EventFile create(Path folder, Clock clock, long firstStep) throws IOException {
        Files.createDirectories(folder);
        String name = String.format(
                Locale.ROOT,
                PREFIX + "%010d.glint.%d",
                clock.instant().getEpochSecond(),
                ProcessHandle.current().pid());
        Path path = folder.resolve(name);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        EventFile file = new EventFile(path, channel, clock);
        try {
            file.append(EventMessage.version(file.now()));
            file.append(EventMessage.start(file.now(), firstStep));
            return file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Whether a folder has event files in it. */
    public static boolean isIn(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.anyMatch(EventFile::isEvents);
        }
    }

    private static boolean isEvents(Path file) {
        return file.getFileName().toString().startsWith(PREFIX);
    }

    /** Removes the event files of a folder, and the folder if nothing else is in it. */
    public static void deleteAll(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        boolean others = false;
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                boolean events = isEvents(entry);
                others |= !events;
                if (events) {
                    Files.delete(entry);
                }
            }
        }
        if (!others) {
            Files.delete(folder);
        }
    }

    /**
     * Adds the values of a step.
     *
     * @throws FileSystemException naming the file, if they cannot be written; it then ends with the step before
     */
    public void add(long step, List<Summary> values) throws IOException {
        append(EventMessage.summary(now(), step, values));
    }

    private double now() {
        return clock.millis() / 1e3;
    }

    private void append(byte[] event) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(FRAME + event.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(event.length);
        record.putInt(maskedCrc(record.array(), 0, Long.BYTES));
        record.put(event);
        record.putInt(maskedCrc(event, 0, event.length)).flip();
        long end = channel.position();
        try {
            while (record.hasRemaining()) {
                channel.write(record);
            }
        } catch (IOException e) {
            channel.truncate(end);
            FileSystemException named = new FileSystemException(path.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    /** Masked, since the CRC of data that contains its own CRC is no check. */
    static int maskedCrc(byte[] bytes, int from, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, count);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
