package dev.glint.trainer.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads event files without knowing what wrote them. */
public final class Events {
    private Events() {}

    /** The events of each file of a folder, in the order of their names. */
    public static List<List<UnknownFieldSet>> in(Path folder) throws IOException {
        List<List<UnknownFieldSet>> files = new ArrayList<>();
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.sorted().toList()) {
                files.add(events(path));
            }
        }
        return files;
    }

    private static List<UnknownFieldSet> events(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<UnknownFieldSet> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] event = new byte[Math.toIntExact(bytes.getLong())];
            bytes.getInt();
            bytes.get(event);
            bytes.getInt();
            events.add(UnknownFieldSet.parseFrom(event));
        }
        return events;
    }

    /** The messages in a field of a message. */
    public static List<UnknownFieldSet> messages(UnknownFieldSet message, int field) throws IOException {
        List<UnknownFieldSet> messages = new ArrayList<>();
        for (ByteString bytes : message.getField(field).getLengthDelimitedList()) {
            messages.add(UnknownFieldSet.parseFrom(bytes));
        }
        return messages;
    }

    /** The step of an event; 0 is left out on the wire. */
    public static long step(UnknownFieldSet event) {
        return event.getField(2).getVarintList().stream().findFirst().orElse(0L);
    }
}
