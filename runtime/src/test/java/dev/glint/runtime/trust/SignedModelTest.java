package dev.glint.runtime.trust;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.ModelMaker;
import dev.glint.runtime.testing.Resources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The test vector of the reference implementation (P-384), and what becomes of it. */
class SignedModelTest {
    private static final String VECTOR = "dev/glint/runtime/trust/v1.1.0-elliptic-key/";
    private static final TrustedKey KEY = TrustedKey.parse(
            new String(Resources.bytes("dev/glint/runtime/trust/signing-key-pub.pem"), StandardCharsets.US_ASCII));

    @TempDir
    private Path folder;

    private Path chosen;
    private Path signature;

    @BeforeEach
    void unpack() throws IOException {
        for (String name : List.of("signme-1", "signme-2", "ignore-me", "model.sig")) {
            Files.write(folder.resolve(name), Resources.bytes(VECTOR + name));
        }
        chosen = folder.resolve("signme-1");
        signature = folder.resolve("model.sig");
    }

    private static String read(Path file, TrustedKey key) {
        ByteBuffer bytes = SignedModel.read(file, key);
        assertTrue(bytes.isDirect(), "where an engine reads it");
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private void assertRefused(TrustedKey key, Path subject, String found) {
        GlintException failure = assertThrows(GlintException.class, () -> SignedModel.read(chosen, key));

        assertEquals(Reason.MODEL, failure.reason());
        assertTrue(failure.getMessage().startsWith(subject + ": found " + found), failure.getMessage());
    }

    @Test
    void whatTheReferenceImplementationSignedIsTaken() throws IOException {
        assertEquals("signme-1\n", read(chosen, KEY));
        assertEquals("signme-2", read(folder.resolve("signme-2"), KEY));
        Files.writeString(folder.resolve("ignore-me"), "what is ignored may change");
        assertEquals("signme-1\n", read(chosen, KEY));
        assertEquals("e8450dec4eb99dae995da9af1bc2cc9f76ed669ee2e744f57abba763df3e3f8e", KEY.hint());
    }

    @Test
    void aChangedFileIsRefused() throws IOException {
        Files.writeString(chosen, "signme-3\n");
        assertRefused(KEY, chosen, "a file that was changed after it was signed, SHA-256 ");
    }

    @Test
    void soIsAnotherFileThanTheOneThatIsOpened() throws IOException {
        Files.writeString(folder.resolve("signme-2"), "signme-3");
        assertRefused(KEY, folder.resolve("signme-2"), "a file that was changed after it was signed, SHA-256 ");
    }

    @Test
    void anAddedFileIsRefused() throws IOException {
        Path added = folder.resolve("deep/down/added");
        Files.createDirectories(added.getParent());
        assertEquals("signme-1\n", read(chosen, KEY), "a folder is nothing");
        Files.createFile(added);
        assertRefused(KEY, added, "a file that was added after it was signed");
        assertThrows(GlintException.class, () -> SignedModel.read(added, KEY));
    }

    @Test
    void emptyFoldersCountToo() throws IOException {
        for (int i = 0; i < SignedFiles.MAX_FILES - 2; i++) {
            Files.createDirectory(folder.resolve(Integer.toString(i)));
        }
        assertEquals("signme-1\n", read(chosen, KEY));
        Files.createDirectory(folder.resolve("one more"));
        assertRefused(KEY, folder, "more than 10000 files and folders");
    }

    @Test
    void aRemovedFileIsRefused() throws IOException {
        Files.delete(folder.resolve("signme-2"));
        assertRefused(KEY, folder, "no signme-2, which is signed");
    }

    @Test
    void aSymbolicLinkIsRefusedWhereverItLeads() throws IOException {
        Path elsewhere = Files.move(folder.resolve("signme-2"), folder.resolve("ignore-me"), REPLACE_EXISTING);
        Files.createSymbolicLink(folder.resolve("signme-2"), elsewhere);
        assertRefused(KEY, folder.resolve("signme-2"), "a symbolic link");
    }

    @Test
    void soIsALinkInThePlaceOfTheModelItself() throws IOException {
        Path copy = Files.copy(chosen, folder.resolve("ignore-me"), REPLACE_EXISTING);
        Files.delete(chosen);
        Files.createSymbolicLink(chosen, copy);
        assertRefused(KEY, chosen, "a symbolic link");
    }

    @ParameterizedTest
    @EnumSource
    void anotherKeyIsRefused(KeyCurve curve) throws IOException {
        TrustedKey other = new ModelMaker(curve).key();
        assertRefused(other, signature, "a signature with another key (e8450dec");

        // Nor does it help to leave the name of the key out, as bundles of before OMS 1.1 do.
        String json = Files.readString(signature);
        Files.writeString(signature, json.replaceAll("\"hint\":\"\\w+\"", "\"rawBytes\":\"AA==\""));
        assertEquals("signme-1\n", read(chosen, KEY));
        assertRefused(other, signature, "a signature that this key does not confirm");
    }

    @Test
    void anotherPayloadTypeIsRefusedThoughItIsSigned() throws IOException {
        ModelMaker maker = new ModelMaker(KeyCurve.P256);
        byte[] payload = SignatureBundle.parse(Files.readAllBytes(signature)).payload();
        Files.writeString(
                signature, maker.bundle(ModelStatement.PAYLOAD_TYPE, payload).toJson());
        assertEquals("signme-1\n", read(chosen, maker.key()));

        Files.writeString(signature, maker.bundle("application/json", payload).toJson());
        assertRefused(maker.key(), signature, "no valid signature (the payload type application/json instead of ");
        // The type is part of what is signed.
        Files.writeString(
                signature, Files.readString(signature).replace("application/json", ModelStatement.PAYLOAD_TYPE));
        assertRefused(maker.key(), signature, "a signature that this key does not confirm");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 1600, 1678})
    void aTruncatedBundleIsRefused(int length) throws IOException {
        byte[] whole = Files.readAllBytes(signature);
        Files.write(signature, Arrays.copyOf(whole, length));
        assertRefused(KEY, signature, "no valid signature (");
    }

    @Test
    void anUnsignedModelIsRefused() throws IOException {
        Files.delete(signature);
        assertRefused(KEY, chosen, "an unsigned model, expected model.sig in its folder, or signme-1.sig");
    }

    @Test
    void aSignatureThatIsALinkIsRefused() throws IOException {
        Files.move(signature, folder.resolve("ignore-me"), REPLACE_EXISTING);
        Files.createSymbolicLink(signature, folder.resolve("ignore-me"));
        assertRefused(KEY, signature, "a symbolic link");
    }

    @Test
    void eachByteOfThePayloadCounts() throws IOException {
        String json = Files.readString(signature);
        SignatureBundle bundle = SignatureBundle.parse(json.getBytes(StandardCharsets.UTF_8));
        byte[] payload = bundle.payload();
        for (int i = 0; i < payload.length; i += 97) {
            payload[i] ^= 1;
            Files.writeString(
                    signature,
                    new SignatureBundle(bundle.payloadType(), payload, bundle.signature(), bundle.hint()).toJson());
            assertRefused(KEY, signature, "a signature that this key does not confirm");
            payload[i] ^= 1;
        }
    }

    /** With zeros for both numbers the first releases of JDK 17 confirm anything (CVE-2022-21449). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAYCAQACAQA=",
                "MAYCAQECAQA=",
                "MAYCAQACAQE=",
                "",
                "AA==",
                "MAA=",
                "MIAGAgEAAgEA",
                "MAYCgQECAQE="
            })
    void signaturesOfNothingAreRefused(String nothing) throws IOException {
        SignatureBundle bundle = SignatureBundle.parse(Files.readAllBytes(signature));
        byte[] bytes = Base64.getDecoder().decode(nothing);
        Files.writeString(
                signature, new SignatureBundle(bundle.payloadType(), bundle.payload(), bytes, bundle.hint()).toJson());
        assertRefused(KEY, signature, "a signature that this key does not confirm");
    }

    @ParameterizedTest
    @EnumSource
    void aSingleFileHasASignatureOfItsOwn(KeyCurve curve) throws IOException {
        ModelMaker maker = new ModelMaker(curve);
        Files.delete(signature);
        maker.sign(chosen);
        assertTrue(Files.exists(folder.resolve("signme-1.sig")));
        assertEquals("signme-1\n", read(chosen, maker.key()));

        Files.writeString(folder.resolve("other"), "beside it may lie anything");
        assertEquals("signme-1\n", read(chosen, maker.key()));
        Files.writeString(chosen, "other");
        assertRefused(maker.key(), chosen, "a file that was changed after it was signed");
        Files.copy(folder.resolve("signme-1.sig"), folder.resolve("other.sig"));
        assertThrows(GlintException.class, () -> SignedModel.read(folder.resolve("other"), maker.key()));
    }

    @Test
    void theBytesAreOfThisProcessAlone() throws IOException {
        ByteBuffer bytes = SignedModel.read(chosen, KEY);
        Files.write(chosen, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, StandardOpenOption.WRITE);
        byte[] kept = new byte[bytes.remaining()];
        bytes.get(kept);
        assertArrayEquals("signme-1\n".getBytes(StandardCharsets.US_ASCII), kept);
    }
}
