package dev.glint.runtime.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.ModelMaker;
import dev.glint.runtime.testing.Resources;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a bundle, a statement or a key is made of, what comes of it is written and read as itself, or one line of failure. To search
 * for new inputs with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl runtime test -Dtest='SignatureFuzzTest#bundle' -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * JAZZER_FUZZ=1 ./mvnw -pl runtime test -Dtest='SignatureFuzzTest#statement' -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * JAZZER_FUZZ=1 ./mvnw -pl runtime test -Dtest='SignatureFuzzTest#key' -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * </pre>
 */
class SignatureFuzzTest {
    private static final TrustedKey KEY = new ModelMaker(KeyCurve.P256).key();

    private static byte[] vector() {
        return Resources.bytes("dev/glint/runtime/trust/v1.1.0-elliptic-key/model.sig");
    }

    static Stream<byte[]> bundles() {
        return Stream.of(vector(), "{}".getBytes(StandardCharsets.UTF_8));
    }

    static Stream<byte[]> statements() {
        return Stream.of(SignatureBundle.parse(vector()).payload());
    }

    static Stream<byte[]> keys() {
        return Stream.of(
                Resources.bytes("dev/glint/runtime/trust/signing-key-pub.pem"),
                KEY.pem().getBytes(StandardCharsets.US_ASCII));
    }

    @MethodSource("bundles")
    @FuzzTest(maxDuration = "20m")
    void bundle(byte[] data) {
        try {
            SignatureBundle bundle = SignatureBundle.parse(data);
            assertEquals(bundle, SignatureBundle.parse(bundle.toJson().getBytes(StandardCharsets.UTF_8)));
            KEY.requireSigned(bundle);
        } catch (GlintException e) {
            assertEquals(Reason.MODEL, e.reason());
        }
    }

    @MethodSource("statements")
    @FuzzTest(maxDuration = "20m")
    void statement(byte[] data) {
        try {
            ModelStatement statement = parse(data);
            assertEquals(statement, parse(statement.toJson()));
        } catch (GlintException e) {
            assertEquals(Reason.MODEL, e.reason());
        }
    }

    private static ModelStatement parse(byte[] payload) {
        return ModelStatement.parse(
                new SignatureBundle(ModelStatement.PAYLOAD_TYPE, payload, new byte[0], Optional.empty()));
    }

    @MethodSource("keys")
    @FuzzTest(maxDuration = "20m")
    void key(byte[] data) {
        try {
            TrustedKey key = TrustedKey.parse(new String(data, StandardCharsets.UTF_8));
            assertEquals(key, TrustedKey.parse(key.pem()));
        } catch (GlintException e) {
            assertEquals(Reason.INPUT, e.reason());
        }
    }
}
