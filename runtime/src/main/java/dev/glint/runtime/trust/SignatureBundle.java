package dev.glint.runtime.trust;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A <a href="https://docs.sigstore.dev/about/bundle/">Sigstore bundle</a> around a <a
 * href="https://github.com/secure-systems-lab/dsse">DSSE</a> envelope: something signed, and the signature.
 *
 * @param payloadType what the payload is, part of what is signed
 * @param payload what is signed
 * @param signature in DER
 * @param hint the name of the key ({@link TrustedKey#hint()}); empty in bundles of before OMS 1.1
 */
public record SignatureBundle(String payloadType, byte[] payload, byte[] signature, Optional<String> hint) {
    /** The media type of the bundles that are read and written. */
    public static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

    /** How many bytes a bundle may have. */
    public static final int MAX_BYTES = 4 << 20;

    private static final int MAX_HINT = 200;

    /** The bytes that the signature is of: DSSE's pre-authentication encoding. */
    public byte[] signedBytes() {
        byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("DSSEv1 " + type.length + " ").getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(type);
        bytes.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(payload);
        return bytes.toByteArray();
    }

    /** The JSON form, on one line. */
    public String toJson() {
        JsonObject key = new JsonObject();
        hint.ifPresent(name -> key.addProperty("hint", name));
        JsonObject material = new JsonObject();
        material.add("publicKey", key);
        material.add("tlogEntries", new JsonArray());
        JsonObject signed = new JsonObject();
        signed.addProperty("sig", Base64.getEncoder().encodeToString(signature));
        signed.addProperty("keyid", "");
        JsonArray signatures = new JsonArray();
        signatures.add(signed);
        JsonObject envelope = new JsonObject();
        envelope.addProperty("payload", Base64.getEncoder().encodeToString(payload));
        envelope.addProperty("payloadType", payloadType);
        envelope.add("signatures", signatures);
        JsonObject bundle = new JsonObject();
        bundle.addProperty("mediaType", MEDIA_TYPE);
        bundle.add("verificationMaterial", material);
        bundle.add("dsseEnvelope", envelope);
        return bundle.toString();
    }

    /**
     * Reads the JSON form. What a bundle may hold beside a signature with a key, such as entries of a log, does not count.
     *
     * @throws GlintException ({@code MODEL}) if it is none, or one without exactly one signature
     */
    public static SignatureBundle parse(byte[] json) {
        if (json.length > MAX_BYTES) {
            throw invalid("more than " + MAX_BYTES + " bytes");
        }
        JsonObject bundle = SignedJson.object(json);
        String mediaType = SignedJson.text(bundle, "mediaType");
        if (!mediaType.equals(MEDIA_TYPE)) {
            throw invalid("the media type " + mediaType);
        }
        JsonObject envelope = SignedJson.object(bundle, "dsseEnvelope");
        JsonArray signatures = SignedJson.array(envelope, "signatures");
        if (signatures.size() != 1) {
            throw invalid(signatures.size() + " signatures");
        }
        JsonObject signature = SignedJson.asObject(signatures.get(0));
        return new SignatureBundle(
                SignedJson.text(envelope, "payloadType"),
                base64(SignedJson.text(envelope, "payload")),
                base64(SignedJson.text(signature, "sig")),
                hint(SignedJson.object(bundle, "verificationMaterial")));
    }

    private static Optional<String> hint(JsonObject material) {
        if (!material.has("publicKey")) {
            throw invalid("no signature with a key");
        }
        JsonElement hint = SignedJson.object(material, "publicKey").get("hint");
        if (hint == null || hint.isJsonNull()) {
            return Optional.empty();
        }
        String text = SignedJson.asText(hint);
        if (text.length() > MAX_HINT) {
            throw invalid("a hint of " + text.length() + " characters");
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw invalid("broken Base64").causedBy(e);
        }
    }

    static GlintException invalid(String found) {
        return GlintException.failure(
                Reason.MODEL,
                "no valid signature (" + found + ")",
                "a bundle of OpenSSF Model Signing with a key",
                "sign the model again with exporter sign");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SignatureBundle that
                && payloadType.equals(that.payloadType)
                && Arrays.equals(payload, that.payload)
                && Arrays.equals(signature, that.signature)
                && hint.equals(that.hint);
    }

    @Override
    public int hashCode() {
        return Objects.hash(payloadType, Arrays.hashCode(payload), Arrays.hashCode(signature), hint);
    }
}
