package dev.glint.runtime.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What a model folder's manifest says of which variant runs when nobody says so. The manifest is not trusted. */
final class DefaultVariant {
    /** The name of a file in the folder itself. */
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,200}\\.onnx");

    private static final int MAX_BYTES = 1 << 20;
    private static final List<String> USUAL = List.of(ModelFolder.INT8, ModelFolder.FP32);
    private static final List<String> SAFE = List.of(ModelFolder.FP32, ModelFolder.INT8);

    private DefaultVariant() {}

    /** The files of a folder that may run, the first that is there before the others. */
    static List<String> candidates(Path manifest) {
        if (Files.notExists(manifest)) {
            return USUAL;
        }
        try {
            JsonElement named =
                    JsonParser.parseString(text(manifest)).getAsJsonObject().get("default");
            if (named == null) {
                return USUAL;
            }
            String file = named.getAsString();
            return FILE.matcher(file).matches() ? List.of(file, ModelFolder.INT8, ModelFolder.FP32) : SAFE;
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | StackOverflowError e) {
            return SAFE;
        }
    }

    private static String text(Path manifest) throws IOException {
        if (!Files.isRegularFile(manifest)) {
            throw new IOException("no file");
        }
        try (InputStream in = Files.newInputStream(manifest)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("more than " + MAX_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
