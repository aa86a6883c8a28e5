package dev.glint.runtime.bundle;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What lies behind a program in its own file. The file is the program, then each part from a multiple of 64 KiB on, then a directory
 * of the parts in JSON, then 16 bytes: the letters {@code GLINTBND}, the format's version and the bytes of the directory, both as
 * 32-bit numbers, lowest byte first. Programs do not mind what lies behind them.
 *
 * @param file the whole of it
 * @param model an ONNX file
 * @param library ONNX Runtime's library, if the model needs it
 */
public record Bundle(Path file, BundlePart model, Optional<BundlePart> library) {
    static final int VERSION = 1;
    static final int TRAILER_BYTES = 16;
    static final int ALIGNMENT = 1 << 16;
    static final long MAGIC = ByteBuffer.wrap("GLINTBND".getBytes(StandardCharsets.US_ASCII))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong();
    private static final int MAX_DIRECTORY_BYTES = 1 << 16;

    /**
     * Finds what lies behind a program.
     *
     * @return empty if nothing of that kind does
     * @throws GlintException ({@code MODEL}) naming the file if it cannot be read or is not whole
     */
    public static Optional<Bundle> find(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < TRAILER_BYTES) {
                return Optional.empty();
            }
            ByteBuffer trailer = read(channel, size - TRAILER_BYTES, TRAILER_BYTES);
            if (trailer.getLong() != MAGIC) {
                return Optional.empty();
            }
            int version = trailer.getInt();
            long directoryBytes = trailer.getInt();
            if (version != VERSION) {
                throw damaged("a bundle of version " + version, "version " + VERSION);
            }
            long end = size - TRAILER_BYTES - directoryBytes;
            if (directoryBytes < 2 || directoryBytes > MAX_DIRECTORY_BYTES || end < 0) {
                throw damaged("a directory of " + directoryBytes + " bytes", "2 to " + MAX_DIRECTORY_BYTES);
            }
            ByteBuffer directory = read(channel, end, (int) directoryBytes);
            return Optional.of(
                    parse(file, StandardCharsets.UTF_8.decode(directory).toString(), end));
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.MODEL, file, "a program with its model", e);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static Bundle parse(Path file, String directory, long end) {
        try {
            JsonObject parts = JsonParser.parseString(directory).getAsJsonObject();
            Optional<BundlePart> library = parts.has("library")
                    ? Optional.of(BundlePart.fromJson(parts.getAsJsonObject("library"), end))
                    : Optional.empty();
            return new Bundle(file, BundlePart.fromJson(parts.getAsJsonObject("model"), end), library);
        } catch (JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | ClassCastException
                | NullPointerException
                | NumberFormatException e) {
            throw damaged("a directory that is none", "a model in it").causedBy(e);
        }
    }

    private static ByteBuffer read(FileChannel channel, long from, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw damaged("an end after " + buffer.position() + " bytes", "" + bytes);
            }
        }
        return buffer.flip();
    }

    /**
     * The bytes of a part, mapped into memory, held against their hash; once in a process, as long as the file stays the same.
     *
     * @throws GlintException ({@code MODEL}) naming the file if they are others
     */
    public ByteBuffer verified(BundlePart part) {
        try {
            // Described first: what changes meanwhile is looked at again.
            VerifiedPart described = VerifiedPart.describe(file, part);
            ByteBuffer bytes = mapped(part);
            if (!VerifiedPart.isLast(described)) {
                part.verify(bytes);
                VerifiedPart.setLast(described);
            }
            return bytes;
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.MODEL, file, "a program with its model", e);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    /**
     * The bytes of a part, mapped into memory.
     *
     * @throws GlintException ({@code MODEL}) naming the file if it cannot be read
     */
    public ByteBuffer mapped(BundlePart part) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, part.offset(), part.bytes());
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.MODEL, file, "a program with its model", e);
        }
    }

    static GlintException damaged(String found, String expected) {
        return GlintException.failure(
                Reason.MODEL, found, expected, "copy the file again, or write it again with exporter bundle");
    }
}
