package dev.glint.trainer.weights.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes pickles instruction by instruction, and archives around them. */
public final class PthWriter {
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    public PthWriter() {
        code(0x80, 2);
    }

    public PthWriter code(int... codes) {
        for (int code : codes) {
            pickle.write(code);
        }
        return this;
    }

    public PthWriter global(String module, String name) {
        return code('c').raw(module + "\n" + name + "\n");
    }

    public PthWriter raw(String text) {
        pickle.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public PthWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return code('X').int32(bytes.length).raw(text);
    }

    public PthWriter number(int value) {
        return code('J').int32(value);
    }

    public PthWriter int32(int value) {
        pickle.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    public PthWriter numbers(int... values) {
        code('(');
        for (int value : values) {
            number(value);
        }
        return code('t');
    }

    /** A tensor over a storage of floats. */
    public PthWriter tensor(String key, int storage, int offset, int[] shape, int[] strides) {
        global("torch._utils", "_rebuild_tensor_v2").code('(').code('(');
        text("storage").global("torch", "FloatStorage").text(key).text("cpu").number(storage);
        code('t', 'Q').number(offset).numbers(shape).numbers(strides);
        return code(0x89).global("collections", "OrderedDict").code(')', 'R', 't', 'R');
    }

    public PthWriter floats(String key, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return file("archive/data/" + key, bytes.array());
    }

    public PthWriter file(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    public byte[] pickle() {
        return pickle.toByteArray();
    }

    /** Writes the archive, deflated. */
    public Path write(Path path) throws IOException {
        try (OutputStream out = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            file("archive/data.pkl", pickle());
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
        return path;
    }
}
