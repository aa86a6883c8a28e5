package dev.glint.runtime.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.ModelMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedKeyTest {
    @TempDir
    private Path folder;

    private static void assertRefused(String pem, String found) {
        GlintException failure = assertThrows(GlintException.class, () -> TrustedKey.parse(pem), pem);
        assertEquals(Reason.INPUT, failure.reason());
        assertTrue(failure.getMessage().startsWith("found " + found), failure.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void isReadAsItWasWritten(KeyCurve curve) throws IOException {
        TrustedKey key = new ModelMaker(curve).key();
        Path file = Files.writeString(
                folder.resolve("key.pub"), "of a maker\r\n" + key.pem().replace("\n", "\r\n"));

        assertEquals(key, TrustedKey.read(file));
        assertEquals(curve, TrustedKey.read(file).curve());
        assertEquals(key.hint(), TrustedKey.read(file).hint());
    }

    @Test
    void otherKeysAreNamed() throws GeneralSecurityException {
        assertRefused(new ModelMaker(KeyCurve.P256).privatePem(), "a PEM file of a PRIVATE KEY, expected a public key");
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        KeyPairGenerator otherCurve = KeyPairGenerator.getInstance("Ed25519");
        for (KeyPairGenerator generator : new KeyPairGenerator[] {rsa, otherCurve}) {
            assertRefused(
                    PemFile.encode(
                            "PUBLIC KEY",
                            generator.generateKeyPair().getPublic().getEncoded()),
                    "a key of another kind");
        }
    }

    @Test
    void aPointThatIsNotOnItsCurveConfirmsNothing() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        byte[] der = generator.generateKeyPair().getPublic().getEncoded();
        der[der.length - 1] ^= 1;
        boolean refused;
        try {
            refused = !TrustedKey.decode(der).verifies(new byte[1], new byte[] {0x30, 6, 2, 1, 1, 2, 1, 1});
        } catch (GlintException e) {
            refused = true;
        }
        assertTrue(refused);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no key",
                "-----BEGIN -----",
                "-----BEGIN PUBLIC KEY-----",
                "-----BEGIN PUBLIC KEY-----\nAAAA\n",
                "-----BEGIN PUBLIC KEY-----\n*\n-----END PUBLIC KEY-----",
                "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
                "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"
            })
    void whatIsNoKeyIsRefused(String pem) {
        assertRefused(pem, "");
    }

    @Test
    void aFileThatIsTooLargeForAKeyIsNamed() throws IOException {
        Path file = Files.write(folder.resolve("key.pub"), new byte[1 << 20]);
        GlintException failure = assertThrows(GlintException.class, () -> TrustedKey.read(file));
        assertTrue(failure.getMessage().startsWith(file + ": found more than 65536 bytes"), failure.getMessage());
        GlintException missing = assertThrows(GlintException.class, () -> TrustedKey.read(folder.resolve("none")));
        assertTrue(missing.getMessage().startsWith(folder.resolve("none") + ": found no such file"));
    }
}
