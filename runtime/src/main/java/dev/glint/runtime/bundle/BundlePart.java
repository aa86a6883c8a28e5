package dev.glint.runtime.bundle;

import com.google.gson.JsonObject;
import dev.glint.runtime.file.Sha256;
import java.nio.ByteBuffer;

/**
 * A file inside a bundle.
 *
 * @param name what it was called
 * @param offset where it begins
 * @param bytes how long it is, at least 1
 * @param sha256 its SHA-256 in hexadecimal digits
 */
public record BundlePart(String name, long offset, long bytes, String sha256) {
    private static final int DIGEST_DIGITS = 64;

    public BundlePart {
        if (offset < 0 || bytes < 1 || bytes > Integer.MAX_VALUE || sha256.length() != DIGEST_DIGITS) {
            throw Bundle.damaged(name + " at " + offset + " with " + bytes + " bytes", "a part with its hash");
        }
    }

    static BundlePart fromJson(JsonObject json, long end) {
        BundlePart part = new BundlePart(
                json.get("name").getAsString(),
                json.get("offset").getAsLong(),
                json.get("bytes").getAsLong(),
                json.get("sha256").getAsString());
        if (part.offset > end - part.bytes) {
            throw Bundle.damaged(part.name + " beyond the end", "all of its " + part.bytes + " bytes");
        }
        return part;
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("name", name);
        json.addProperty("offset", offset);
        json.addProperty("bytes", bytes);
        json.addProperty("sha256", sha256);
        return json;
    }

    void verify(ByteBuffer content) {
        String found = Sha256.ofBuffer(content);
        if (!found.equals(sha256)) {
            throw Bundle.damaged(name + " with SHA-256 " + found, sha256);
        }
    }
}
