package dev.glint.runtime.trust;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** JSON by strangers, of a size that was checked: what is not as expected is no valid signature. */
final class SignedJson {
    private static final int MAX_DEPTH = 16;

    private SignedJson() {}

    /** A whole document. */
    static JsonObject object(byte[] json) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw SignatureBundle.invalid("no UTF-8").causedBy(e);
        }
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            reader.setNestingLimit(MAX_DEPTH);
            JsonObject object = asObject(JsonParser.parseReader(reader));
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw SignatureBundle.invalid("more than one document");
            }
            return object;
        } catch (IOException | JsonParseException | NumberFormatException e) {
            throw SignatureBundle.invalid("no JSON").causedBy(e);
        }
    }

    static JsonObject object(JsonObject parent, String name) {
        return asObject(field(parent, name));
    }

    static JsonArray array(JsonObject parent, String name) {
        JsonElement value = field(parent, name);
        if (!value.isJsonArray()) {
            throw SignatureBundle.invalid("no array " + name);
        }
        return value.getAsJsonArray();
    }

    static String text(JsonObject parent, String name) {
        return asText(field(parent, name));
    }

    static boolean flag(JsonObject parent, String name) {
        JsonElement value = field(parent, name);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw SignatureBundle.invalid("neither true nor false where one belongs");
        }
        return value.getAsBoolean();
    }

    private static JsonElement field(JsonObject parent, String name) {
        JsonElement value = parent.get(name);
        if (value == null) {
            throw SignatureBundle.invalid("no field " + name);
        }
        return value;
    }

    static JsonObject asObject(@Nullable JsonElement value) {
        if (value == null || !value.isJsonObject()) {
            throw SignatureBundle.invalid("no object where one belongs");
        }
        return value.getAsJsonObject();
    }

    static String asText(JsonElement value) {
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw SignatureBundle.invalid("no text where one belongs");
        }
        return value.getAsString();
    }
}
