package dev.glint.runtime.model;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds one value in the metadata of an ONNX file without reading the rest: ONNX Runtime's Java API gives all of it or
 * nothing, and copies it several times over. Walks over the fields of the outermost message only (see
 * {@code ModelProto} in <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a> and the
 * <a href="https://protobuf.dev/programming-guides/encoding/">wire format</a>), so a file of any size costs a few reads.
 */
final class OnnxMetadata {
    /** What a protobuf message may have at most, and an ONNX file with it. */
    static final long MAX_FILE_BYTES = Integer.MAX_VALUE;

    /** What all keys and values may have together at most; a contract has a few kilobytes, golden samples some more. */
    static final long MAX_METADATA_BYTES = 64L << 20;

    private static final int METADATA_PROPS = 14;
    private static final int KEY = 1;
    private static final int VALUE = 2;

    private final byte[] encodedKey;
    private long metadataBytes;
    private @Nullable String found;

    private OnnxMetadata(String key) {
        this.encodedKey = key.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The value of a key; the last one, as in ONNX Runtime, where a key is there several times.
     *
     * @return null if the file has no such key
     * @throws GlintException ({@code MODEL}) if the file is no ONNX model, ({@code LIMIT}) if it is larger than such a
     *     file can be or has more metadata than any model needs
     */
    static @Nullable String value(Path file, String key) {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > MAX_FILE_BYTES) {
                throw GlintException.failure(
                        Reason.LIMIT,
                        "a file of " + channel.size() + " bytes",
                        "an ONNX model, which has " + MAX_FILE_BYTES + " at most",
                        "check the path given with --model");
            }
            OnnxMetadata search = new OnnxMetadata(key);
            search.walk(new WireReader(channel));
            return search.found;
        } catch (IOException e) {
            String what = e instanceof EOFException || e instanceof WireReader.MalformedException
                    ? "a file that is no ONNX model"
                    : "an unreadable file";
            throw GlintException.failure(
                            Reason.MODEL,
                            what + " (" + e.getMessage() + ")",
                            "an ONNX model",
                            "write the model again with exporter export")
                    .causedBy(e);
        }
    }

    private void walk(WireReader reader) throws IOException {
        if (reader.atEnd(reader.size())) {
            throw new EOFException("it is empty");
        }
        while (!reader.atEnd(reader.size())) {
            reader.nextField();
            if (reader.field() == METADATA_PROPS && reader.isBytes()) {
                metadataBytes += reader.length();
                if (metadataBytes > MAX_METADATA_BYTES) {
                    throw GlintException.failure(
                            Reason.LIMIT,
                            "more than " + (MAX_METADATA_BYTES >> 20) + " MiB of metadata",
                            "a few kilobytes beside the network",
                            "write the model again with exporter export");
                }
                entry(reader);
            } else {
                reader.skip();
            }
        }
    }

    private void entry(WireReader reader) throws IOException {
        long end = reader.position() + reader.length();
        boolean wanted = false;
        long valueAt = end;
        long valueLength = 0;
        while (!reader.atEnd(end)) {
            reader.nextField();
            if (reader.field() == KEY && reader.isBytes()) {
                wanted = reader.length() == encodedKey.length
                        && ByteBuffer.wrap(encodedKey).equals(reader.bytes(reader.position(), encodedKey.length));
            } else if (reader.field() == VALUE && reader.isBytes()) {
                valueAt = reader.position();
                valueLength = reader.length();
            }
            reader.skip();
        }
        if (wanted) {
            ByteBuffer value = reader.bytes(valueAt, (int) valueLength);
            found = StandardCharsets.UTF_8.decode(value).toString();
        }
    }
}
