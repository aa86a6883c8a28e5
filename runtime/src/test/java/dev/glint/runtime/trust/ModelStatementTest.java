package dev.glint.runtime.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.Resources;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelStatementTest {
    private static final String ONE = "1".repeat(64);
    private static final String TWO = "2".repeat(64);

    private static ModelStatement parse(String payload) {
        return ModelStatement.parse(new SignatureBundle(
                ModelStatement.PAYLOAD_TYPE, payload.getBytes(StandardCharsets.UTF_8), new byte[0], Optional.empty()));
    }

    private static String text(ModelStatement statement) {
        return new String(statement.toJson(), StandardCharsets.UTF_8);
    }

    private static ModelStatement statement() {
        return new ModelStatement("m", Map.of("b.onnx", TWO, "a.onnx", ONE), List.of("logs"));
    }

    @Test
    void itIsReadAsItWasWritten() {
        assertEquals(statement(), parse(text(statement())));
        assertEquals(text(statement()), text(parse(text(statement()))));
        assertTrue(statement().ignores("logs")
                && statement().ignores(".git")
                && !statement().ignores("a.onnx"));
    }

    /** That of the reference implementation's own statement. */
    @Test
    void theRootDigestIsThatOfTheReference() {
        SignatureBundle bundle =
                SignatureBundle.parse(Resources.bytes("dev/glint/runtime/trust/v1.1.0-elliptic-key/model.sig"));
        assertEquals(
                "92745110b1ab4368471cbe31664e10174e954b113a3df333db860317b2c6dec4",
                ModelStatement.parse(bundle).rootDigest());
    }

    /** Java's text puts the last one before the second. */
    @Test
    void filesAreInTheOrderOfUnicode() {
        List<String> order = List.of("a", "\uff61", "\ud83d\ude00");
        ModelStatement statement =
                new ModelStatement("m", Map.of(order.get(2), ONE, order.get(1), ONE, order.get(0), TWO), List.of());
        assertEquals(order, new ArrayList<>(statement.digests().keySet()));
        assertEquals(order, new ArrayList<>(parse(text(statement)).digests().keySet()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://in-toto.io/Statement/v1 | https://in-toto.io/Statement/v0.1 | the statement type",
                "signature/v1.0 | Digests/v0.1 | the predicate type",
                "\"files\" | \"shards\" | the serialization method",
                "\"hash_type\": \"sha256\" | \"hash_type\": \"blake3\" | the hash blake3",
                "\"algorithm\": \"sha256\" | \"algorithm\": \"sha512\" | the hash sha512",
                "\"allow_symlinks\": false | \"allow_symlinks\": true | one that follows symbolic links",
                "\"allow_symlinks\": false | \"allow_symlinks\": 0 | neither true nor false",
                "a.onnx | ../a.onnx | the path ../a.onnx",
                "a.onnx | /a.onnx | the path /a.onnx",
                "a.onnx | b.onnx | the file b.onnx twice",
                "1111111 | 111111 | a digest that is no SHA-256",
                "1111111 | 111111A | a digest that is no SHA-256",
                "1111111 | 1111112 | the root digest",
                "\"predicate\": | \"predicates\": | no field predicate",
                "\"resources\": [ | \"resources\": {}, \"others\": [ | no array resources",
                "logs | ../logs | the path ../logs",
            })
    void whatIsNotOfTheSpecificationIsRefused(String text, String other, String why) {
        String payload = text(statement());
        String changed = payload.replaceFirst(Pattern.quote(text), other);
        assertTrue(!changed.equals(payload), payload);

        GlintException failure = assertThrows(GlintException.class, () -> parse(changed));

        assertEquals(Reason.MODEL, failure.reason());
        assertTrue(failure.getMessage().startsWith("found no valid signature (" + why), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a//b", "a/", "./a", "a/..", ".", "..", "a\0"})
    void thereIsOneWayToWriteAPath(String path) {
        assertThrows(GlintException.class, () -> new ModelStatement("m", Map.of(path, ONE), List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "{}", "{\"mediaType\":1}", "{'mediaType':'x'}", "{\"mediaType\":\"x\"} x"})
    void whatIsNoBundleIsRefused(String json) {
        GlintException failure =
                assertThrows(GlintException.class, () -> SignatureBundle.parse(json.getBytes(StandardCharsets.UTF_8)));
        assertTrue(failure.getMessage().startsWith("found no valid signature ("), failure.getMessage());
    }

    @Test
    void neitherDepthNorSizeIsABomb() {
        for (String json : List.of("[".repeat(1_000_000), "{\"a\":".repeat(100_000), " ".repeat(5_000_000))) {
            assertThrows(GlintException.class, () -> SignatureBundle.parse(json.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void aBundleHasOneSignatureWithAKey() {
        String whole = new String(
                Resources.bytes("dev/glint/runtime/trust/v1.1.0-elliptic-key/model.sig"), StandardCharsets.UTF_8);
        int begin = whole.indexOf("{\"sig\"");
        String signature = whole.substring(begin, whole.indexOf('}', begin) + 1);
        for (String other : List.of(
                whole.replace(signature, signature + "," + signature),
                whole.replace(signature, ""),
                whole.replace("\"publicKey\"", "\"certificate\""),
                whole.replace("bundle.v0.3", "bundle.v0.9"),
                whole.replace("\"sig\":\"", "\"sig\":\"*"))) {
            assertTrue(!other.equals(whole), whole);
            assertThrows(
                    GlintException.class, () -> SignatureBundle.parse(other.getBytes(StandardCharsets.UTF_8)), other);
        }
    }
}
