package dev.glint.onnx.foreign;

import dev.glint.onnx.graph.ModelParser.ExternalData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The files that hold a model's tensors, by ONNX's <a
 * href="https://github.com/onnx/onnx/blob/main/docs/ExternalData.md">external data</a>. They must lie in the model's own
 * folder: a name with a separator is refused, and so is a link that leads out of it.
 */
final class TensorFiles implements ExternalData {
    private final @Nullable Path folder;
    private final Set<String> names = new TreeSet<>();
    private long left;

    private TensorFiles(@Nullable Path folder, long left) {
        this.folder = folder;
        this.left = left;
    }

    /** The files beside a model, of which no more than so many bytes are read. */
    static TensorFiles beside(Path model, long bytes) throws IOException {
        return new TensorFiles(model.toRealPath().getParent(), bytes);
    }

    /** Nowhere. */
    static TensorFiles none() {
        return new TensorFiles(null, 0);
    }

    /** The files that were read from, sorted. */
    Set<String> names() {
        return names;
    }

    @Override
    public byte[] read(String tensor, long bytes, Map<String, String> entries) {
        String location = entries.getOrDefault("location", "");
        String where = tensor + " in the file \"" + location + "\"";
        long offset = number(entries, "offset", 0, where);
        long length = number(entries, "length", bytes, where);
        require(length == bytes, where + " has " + length + " bytes, not " + bytes);
        require(bytes <= left, where + " is too large");
        left -= bytes;
        Path file = file(location, where);
        byte[] data = new byte[(int) checkedEnd(file, offset, bytes, where)];
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer buffer = ByteBuffer.wrap(data);
            while (buffer.hasRemaining()) {
                int count = channel.read(buffer, offset + buffer.position());
                require(count >= 0, where + " ends behind the file");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(where + " cannot be read: " + e.getMessage(), e);
        }
        names.add(location);
        return data;
    }

    /** Asks before anything is allocated. */
    private static long checkedEnd(Path file, long offset, long bytes, String where) {
        try {
            long size = Files.size(file);
            require(offset <= size && bytes <= size - offset, where + " ends behind the file, which has " + size);
            return bytes;
        } catch (IOException e) {
            throw new IllegalArgumentException(where + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Path file(String location, String where) {
        Path here = folder;
        if (here == null) {
            throw new IllegalArgumentException(where + ", which is not at hand");
        }
        boolean plain = !location.isEmpty()
                && !location.equals(".")
                && !location.equals("..")
                && location.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
        require(plain, where + ", which is no plain name of a file beside the model");
        try {
            Path file = here.resolve(location);
            require(Files.isRegularFile(file), where + ", which is not there");
            require(here.equals(file.toRealPath().getParent()), where + ", which leads out of the model's folder");
            return file;
        } catch (InvalidPathException | IOException e) {
            throw new IllegalArgumentException(where + ", which cannot be read", e);
        }
    }

    private static long number(Map<String, String> entries, String key, long otherwise, String where) {
        String text = entries.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            require(value >= 0, where + " has the " + key + " " + value);
            return value;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(where + " has the " + key + " \"" + text + "\"", e);
        }
    }

    private static void require(boolean condition, String found) {
        if (!condition) {
            throw new IllegalArgumentException(found);
        }
    }
}
