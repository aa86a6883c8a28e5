package dev.glint.trainer.weights.safetensors;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.AtomicFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Named tensors in a file of the safetensors format: the length of the header (8 bytes, little endian), the header (JSON),
 * then the values, little endian, row by row. What is read is checked before it is believed: the file is untrusted.
 *
 * @param tensors name to tensor, in the order of the file
 * @param metadata what the file says of itself
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
public record Safetensors(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
    private static final String METADATA = "__metadata__";
    /** Enough for a hundred thousand tensors; parsed, it takes many times as much memory. */
    private static final int MAX_HEADER = 16_000_000;

    private static final int ALIGNMENT = 8;

    public Safetensors {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        if (tensors.containsKey(METADATA)) {
            throw new IllegalArgumentException("a tensor named " + METADATA);
        }
    }

    /** Writes the tensors in their order; the file appears whole or not at all. */
    public void write(Path file) throws IOException {
        byte[] json = header().toString().getBytes(StandardCharsets.UTF_8);
        int padding = Math.floorMod(-json.length, ALIGNMENT);
        ByteBuffer head =
                ByteBuffer.allocate(Long.BYTES + json.length + padding).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(json.length + padding).put(json);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        AtomicFile.write(file, channel -> {
            writeFully(channel, head.flip());
            for (StoredTensor tensor : tensors.values()) {
                writeFully(channel, tensor.data());
            }
        });
    }

    private JsonObject header() {
        JsonObject header = new JsonObject();
        if (!metadata.isEmpty()) {
            JsonObject notes = new JsonObject();
            metadata.forEach(notes::addProperty);
            header.add(METADATA, notes);
        }
        long offset = 0;
        for (Map.Entry<String, StoredTensor> entry : tensors.entrySet()) {
            StoredTensor tensor = entry.getValue();
            JsonObject description = new JsonObject();
            description.addProperty("dtype", tensor.type().name());
            JsonArray shape = new JsonArray();
            tensor.shape().forEach(shape::add);
            description.add("shape", shape);
            JsonArray offsets = new JsonArray();
            offsets.add(offset);
            offset += tensor.data().limit();
            offsets.add(offset);
            description.add("data_offsets", offsets);
            header.add(entry.getKey(), description);
        }
        return header;
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /**
     * Reads a file. The values are mapped into memory, not copied.
     *
     * @throws GlintException ({@code MODEL}) naming the file if it is not of this format in every detail
     */
    public static Safetensors read(Path file) throws IOException {
        return read(file, Reason.MODEL);
    }

    /** Reads a file as {@link #read(Path)}, with another reason where it is not of this format. */
    public static Safetensors read(Path file, Reason reason) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | ArithmeticException
                | UnsupportedOperationException e) {
            throw GlintException.failure(
                            reason,
                            "an invalid safetensors file (" + e.getMessage() + ")",
                            "whole weights",
                            "write or copy the file again")
                    .causedBy(e)
                    .about(file);
        }
    }

    /** Where a tensor's values stand behind the header. */
    private record Place(String name, DType type, List<Long> shape, long begin, long end) {}

    private static Safetensors read(FileChannel channel) throws IOException {
        long length = readFully(channel, 0, Long.BYTES).getLong();
        long rest = channel.size() - Long.BYTES;
        require(length >= 2 && length <= MAX_HEADER && length <= rest, "a header of " + length + " bytes");
        byte[] json = readFully(channel, Long.BYTES, (int) length).array();
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Place> places = header(new String(json, StandardCharsets.UTF_8), metadata);
        List<Place> ordered = new ArrayList<>(places);
        ordered.sort(Comparator.comparingLong(Place::begin).thenComparingLong(Place::end));
        requireWhole(ordered, rest - length);
        Map<String, ByteBuffer> values = values(channel, Long.BYTES + length, rest - length, ordered);
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (Place place : places) {
            ByteBuffer data = Objects.requireNonNull(values.get(place.name));
            tensors.put(place.name, new StoredTensor(place.type, place.shape, data));
        }
        return new Safetensors(tensors, metadata);
    }

    /** The values of each tensor. A part as large as can be is mapped at once: a process may have so many mappings only. */
    private static Map<String, ByteBuffer> values(FileChannel channel, long start, long size, List<Place> ordered)
            throws IOException {
        Map<String, ByteBuffer> values = new HashMap<>();
        ByteBuffer part = ByteBuffer.allocate(0);
        long begin = 0;
        for (Place place : ordered) {
            if (place.end > begin + part.limit()) {
                begin = place.begin;
                part = channel.map(
                        FileChannel.MapMode.READ_ONLY, start + begin, Math.min(size - begin, Integer.MAX_VALUE));
            }
            values.put(place.name, part.slice((int) (place.begin - begin), (int) (place.end - place.begin)));
        }
        return values;
    }

    private static List<Place> header(String json, Map<String, String> metadata) throws IOException {
        require(json.startsWith("{"), "a header that is no JSON object");
        JsonReader reader = new JsonReader(new StringReader(json));
        try {
            List<Place> places = header(reader, metadata);
            require(reader.peek() == JsonToken.END_DOCUMENT, "something behind the header's JSON object");
            return places;
        } catch (MalformedJsonException | EOFException e) {
            throw new IllegalArgumentException("a header that is no JSON object", e);
        }
    }

    private static List<Place> header(JsonReader reader, Map<String, String> metadata) throws IOException {
        Map<String, Place> places = new LinkedHashMap<>();
        boolean described = false;
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            JsonElement value = JsonParser.parseReader(reader);
            if (name.equals(METADATA)) {
                require(!described, METADATA + " twice");
                described = true;
                value.getAsJsonObject().asMap().forEach((key, note) -> metadata.put(key, note.getAsString()));
            } else {
                require(places.put(name, place(name, value.getAsJsonObject())) == null, "tensor " + name + " twice");
            }
        }
        reader.endObject();
        return new ArrayList<>(places.values());
    }

    private static Place place(String name, JsonObject description) {
        require(
                description.has("dtype") && description.has("shape") && description.has("data_offsets"),
                "tensor " + name + " without dtype, shape or data_offsets");
        DType type = DType.valueOf(description.get("dtype").getAsString());
        List<Long> shape = longs(description.get("shape"));
        List<Long> offsets = longs(description.get("data_offsets"));
        require(offsets.size() == 2, "tensor " + name + " with " + offsets.size() + " offsets");
        long begin = offsets.get(0);
        long end = offsets.get(1);
        require(
                begin >= 0 && end >= begin && end - begin == StoredTensor.bytes(type, shape),
                "tensor " + name + " of " + type + " " + shape + " at " + begin + " to " + end);
        require(end - begin <= Integer.MAX_VALUE, "tensor " + name + " of more than 2 GiB");
        return new Place(name, type, shape, begin, end);
    }

    private static List<Long> longs(JsonElement array) {
        List<Long> values = new ArrayList<>();
        array.getAsJsonArray()
                .forEach(value -> values.add(value.getAsBigInteger().longValueExact()));
        return values;
    }

    /** The values fill the file from the header to its end, without holes, and none belongs to two tensors. */
    private static void requireWhole(List<Place> ordered, long size) {
        long next = 0;
        for (Place place : ordered) {
            require(place.begin == next, "tensor " + place.name + " at " + place.begin + " instead of " + next);
            next = place.end;
        }
        require(next == size, size + " bytes of values where the header describes " + next);
    }

    private static ByteBuffer readFully(FileChannel channel, long position, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            require(channel.read(buffer, position + buffer.position()) > 0, "a file of " + channel.size() + " bytes");
        }
        return buffer.flip();
    }

    private static void require(boolean condition, String found) {
        if (!condition) {
            throw new IllegalArgumentException(found);
        }
    }
}
