package dev.glint.runtime.onnx;

import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an ONNX file says of itself (onnx.proto, {@code ModelProto}), read without ONNX Runtime and without copying weights:
 * of a file of any size only its structure is visited. What leaves this class fits the limits, lies in one file, has no
 * cycles and no operators of strangers.
 */
public final class OnnxFile {
    private static final int MAX_ENTRIES = 1000;

    private final ByteBuffer bytes;
    private final @Nullable Path file;
    private final Map<String, ByteBuffer> metadata = new HashMap<>();
    private final Map<String, Long> operatorSets = new TreeMap<>();
    private final OnnxGraph graph;

    private OnnxFile(ByteBuffer bytes, @Nullable Path file, OnnxLimits limits) {
        this.bytes = bytes;
        this.file = file;
        GraphReader graphs = new GraphReader(limits);
        OnnxGraph found = null;
        long metadataBytes = 0;
        WireReader model = new WireReader(bytes);
        while (model.next()) {
            switch (model.field()) {
                case 7 -> {
                    if (found != null) {
                        throw Refusal.malformed("two graphs");
                    }
                    found = graphs.read(model.message());
                }
                case 8 -> operatorSet(model.message());
                case 14 -> {
                    ByteBuffer entry = model.slice();
                    metadataBytes += entry.remaining();
                    if (metadataBytes > limits.metadataBytes()) {
                        throw Refusal.unacceptable(
                                "more than " + limits.metadataBytes() + " bytes of metadata", "less");
                    }
                    addMetadata(entry);
                }
                case 25 -> throw Refusal.unacceptable("functions of its own", "operators of ONNX");
                default -> model.skip();
            }
        }
        if (found == null) {
            throw Refusal.malformed("no graph in it");
        }
        this.graph = found;
    }

    /**
     * Reads a file. It is mapped into memory, and stays so as long as the result or a tensor of it is in use.
     *
     * @throws GlintException ({@code MODEL}) naming the file if it is missing, no ONNX model, or beyond the limits
     */
    public static OnnxFile read(Path file, OnnxLimits limits) {
        try {
            return open(file, limits);
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.MODEL, file, "an ONNX model", e);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static OnnxFile open(Path file, OnnxLimits limits) throws IOException {
        // Asked first: whoever opens a pipe waits for a writer.
        if (!Files.isRegularFile(file) && Files.exists(file)) {
            throw Refusal.malformed(Files.isDirectory(file) ? "a folder" : "no regular file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE) {
                throw Refusal.unacceptable("a file of " + size + " bytes", "at most 2 GiB, as ONNX files have");
            }
            return new OnnxFile(channel.map(FileChannel.MapMode.READ_ONLY, 0, size), file, limits);
        }
    }

    /**
     * Reads the bytes of a file, from the buffer's position to its limit; they are not copied.
     *
     * @throws GlintException ({@code MODEL}) if they are no ONNX model or beyond the limits
     */
    public static OnnxFile parse(ByteBuffer bytes, OnnxLimits limits) {
        return new OnnxFile(bytes.slice(), null, limits);
    }

    /** Where it lies; empty if it is in memory alone. */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    /** All its bytes, from the buffer's position to its limit, to be read only. */
    public ByteBuffer bytes() {
        return bytes.asReadOnlyBuffer();
    }

    /** The text under a key of the metadata. */
    public Optional<String> metadata(String key) {
        ByteBuffer entry = metadata.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        WireReader reader = new WireReader(entry);
        String value = "";
        while (reader.next(2)) {
            value = reader.text(Integer.MAX_VALUE);
        }
        return Optional.of(value);
    }

    /** The version of each domain's operators; ONNX's own domain is the empty name. */
    public Map<String, Long> operatorSets() {
        return Map.copyOf(operatorSets);
    }

    /** The graph. */
    public OnnxGraph graph() {
        return graph;
    }

    private void addMetadata(ByteBuffer entry) {
        String key = "";
        WireReader reader = new WireReader(entry);
        while (reader.next(1)) {
            key = reader.name();
        }
        if (metadata.size() == MAX_ENTRIES) {
            throw Refusal.unacceptable("more metadata", "at most " + MAX_ENTRIES + " keys");
        }
        if (metadata.put(key, entry) != null) {
            throw Refusal.unacceptable("the metadata key " + key + " twice", "a value for each key");
        }
    }

    private void operatorSet(WireReader reader) {
        String domain = "";
        long version = 0;
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> domain = reader.name();
                case 2 -> version = reader.varint();
                default -> reader.skip();
            }
        }
        if (operatorSets.size() == MAX_ENTRIES) {
            throw Refusal.unacceptable("more operator sets", "at most " + MAX_ENTRIES);
        }
        operatorSets.put(domain.equals("ai.onnx") ? "" : domain, version);
    }
}
