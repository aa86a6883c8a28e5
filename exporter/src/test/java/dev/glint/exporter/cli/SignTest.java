package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.exporter.sign.SigningKey;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFile;
import dev.glint.runtime.testing.ModelMaker;
import dev.glint.runtime.testing.TinyModel;
import dev.glint.runtime.trust.KeyCurve;
import dev.glint.runtime.trust.PemFile;
import dev.glint.runtime.trust.TrustedKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code exporter sign}, and that what it wrote is what a device asks for. */
class SignTest {
    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void makeModel() throws IOException {
        model = Files.createDirectory(folder.resolve("model"));
        TinyModel.write(model.resolve("fp32.onnx"));
        Files.writeString(model.resolve("manifest.json"), "{\"default\":\"fp32.onnx\"}");
    }

    private Path writeKey(ModelMaker maker) throws IOException {
        return Files.writeString(folder.resolve("sign.key"), maker.privatePem());
    }

    private static CommandRun succeed(Object... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("", run.err());
        return run;
    }

    private static void assertFails(int code, String line, Object... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertTrue(run.err().startsWith("error: " + line), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertEquals(code, run.exitCode());
    }

    @ParameterizedTest
    @EnumSource
    void aSignedFolderIsTakenAndNoOther(KeyCurve curve) throws IOException {
        ModelMaker maker = new ModelMaker(curve);
        Model.Options trusting = Model.Options.defaults().withTrust(maker.key());
        GlintException unsigned = assertThrows(GlintException.class, () -> Model.open(model, trusting));
        assertTrue(unsigned.getMessage().contains("found an unsigned model"), unsigned.getMessage());

        CommandRun run = succeed("sign", "--key", writeKey(maker), model);

        assertTrue(run.out().startsWith(model.resolve("model.sig") + ": 2 files, root digest "), run.out());
        assertTrue(run.out().endsWith("\nkey " + maker.key().hint() + "\n"), run.out());
        try (Classifier classifier = Classifier.open(model, trusting)) {
            assertEquals(3, classifier.contract().labels().size());
        }
        Files.writeString(model.resolve("manifest.json"), "{\"default\":\"int8.onnx\"}");
        GlintException changed = assertThrows(GlintException.class, () -> Model.open(model, trusting));
        assertEquals(4, changed.reason().exitCode());
        assertTrue(
                changed.getMessage().startsWith(model.resolve("manifest.json") + ": found a file that was changed"),
                changed.getMessage());
        succeed("sign", "--key", folder.resolve("sign.key"), model);
        Model.open(model, trusting).close();
        // What was read without the key does not get in by another door.
        assertThrows(IllegalArgumentException.class, () -> ModelFile.read(model).open(trusting));
    }

    /** Field by field as the specification has it, without our own reader. */
    @Test
    void theSignatureIsWrittenAsTheSpecificationSays() throws IOException {
        ModelMaker maker = new ModelMaker(KeyCurve.P256);
        succeed("sign", "--key", writeKey(maker), model);

        JsonObject bundle = JsonParser.parseString(Files.readString(model.resolve("model.sig")))
                .getAsJsonObject();
        assertEquals(List.of("mediaType", "verificationMaterial", "dsseEnvelope"), List.copyOf(bundle.keySet()));
        assertEquals(
                "{\"publicKey\":{\"hint\":\"" + maker.key().hint() + "\"},\"tlogEntries\":[]}",
                bundle.get("verificationMaterial").toString());
        JsonObject envelope = bundle.getAsJsonObject("dsseEnvelope");
        assertEquals("application/vnd.in-toto+json", envelope.get("payloadType").getAsString());
        String payload =
                new String(Base64.getDecoder().decode(envelope.get("payload").getAsString()), StandardCharsets.UTF_8);
        JsonObject statement = JsonParser.parseString(payload).getAsJsonObject();
        assertEquals("https://in-toto.io/Statement/v1", statement.get("_type").getAsString());
        assertEquals(
                "https://model_signing/signature/v1.0",
                statement.get("predicateType").getAsString());
        assertEquals(
                "model",
                statement
                        .getAsJsonArray("subject")
                        .get(0)
                        .getAsJsonObject()
                        .get("name")
                        .getAsString());
        JsonObject predicate = statement.getAsJsonObject("predicate");
        assertEquals(
                "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false,\"ignore_paths\":[\".git\","
                        + "\".gitattributes\",\".github\",\".gitignore\",\"model.sig\"]}",
                predicate.get("serialization").toString());
        List<String> names = predicate.getAsJsonArray("resources").asList().stream()
                .map(resource -> resource.getAsJsonObject().get("name").getAsString())
                .toList();
        assertEquals(List.of("fp32.onnx", "manifest.json"), names);
    }

    @Test
    void aSingleFileIsSignedBesideIt() throws IOException {
        ModelMaker maker = new ModelMaker(KeyCurve.P384);
        Path file = model.resolve("fp32.onnx");

        JsonObject report = JsonParser.parseString(succeed("sign", "--json", "--key", writeKey(maker), file)
                        .out())
                .getAsJsonObject();

        assertEquals("glint.exporter.sign/1", report.get("schema").getAsString());
        assertEquals(file + ".sig", report.get("signature").getAsString());
        Model.open(file, Model.Options.defaults().withTrust(maker.key())).close();
    }

    /** It would be a file that was added to the folder. */
    @Test
    void noSingleFileIsSignedInASignedFolder() throws IOException {
        ModelMaker maker = new ModelMaker(KeyCurve.P256);
        Path key = writeKey(maker);
        succeed("sign", "--key", key, model);
        Path file = model.resolve("fp32.onnx");

        assertFails(3, file + ": found a file in a folder with a signature, " + model, "sign", "--key", key, file);

        Model.open(file, Model.Options.defaults().withTrust(maker.key())).close();
    }

    @Test
    void aSignatureThatNoDeviceWouldReadIsNotWritten() throws IOException {
        List<Object> words = new ArrayList<>(List.of("sign", "--key", writeKey(new ModelMaker(KeyCurve.P256)), model));
        for (int i = 1000; i < 1900; i++) {
            words.addAll(List.of("--ignore", i + "-".repeat(4000)));
        }

        assertFails(4, model + ": found names of files that make a signature of ", words.toArray());

        assertFalse(Files.exists(model.resolve("model.sig")));
    }

    @ValueSource(strings = {"logs", "logs/"})
    @ParameterizedTest
    void whatIsIgnoredMayChange(String ignored) throws IOException {
        ModelMaker maker = new ModelMaker(KeyCurve.P256);
        Path log =
                Files.writeString(Files.createDirectory(model.resolve("logs")).resolve("today"), "a");
        succeed("sign", "--key", writeKey(maker), "--ignore", ignored, model);

        Files.writeString(log, "b");
        Model.open(model, Model.Options.defaults().withTrust(maker.key())).close();
    }

    @ValueSource(strings = {"", "/", "./logs", "../logs", "logs//", "/logs"})
    @ParameterizedTest
    void pathsThatLeadElsewhereAreNotIgnored(String path) throws IOException {
        Path key = writeKey(new ModelMaker(KeyCurve.P256));

        assertFails(2, "found --ignore " + path, "sign", "--key", key, "--ignore", path, model);

        assertFalse(Files.exists(model.resolve("model.sig")));
    }

    @Test
    void anEarlierSignatureStaysWhereANewOneWouldNotDo() throws IOException {
        Path key = writeKey(new ModelMaker(KeyCurve.P256));
        succeed("sign", "--key", key, model);
        String before = Files.readString(model.resolve("model.sig"));

        assertFails(
                4,
                model.resolve("fp32.onnx") + ": found a file that is not signed",
                "sign",
                "--key",
                key,
                "--ignore",
                "fp32.onnx",
                model);

        assertEquals(before, Files.readString(model.resolve("model.sig")));
    }

    @Test
    void keysThatAreNoneAreNamed() throws IOException, GeneralSecurityException {
        Path key = folder.resolve("sign.key");
        assertFails(3, key + ": found no such file, expected a private key of ECDSA", "sign", "--key", key, model);
        Files.writeString(key, new ModelMaker(KeyCurve.P256).key().pem());
        assertFails(3, key + ": found a PEM file of PUBLIC KEY", "sign", "--key", key, model);
        Files.writeString(key, PemFile.encode("EC PRIVATE KEY", new byte[3]));
        assertFails(
                3,
                key + ": found a PEM file of EC PRIVATE KEY, which openssl pkcs8 -topk8 -nocrypt",
                "sign",
                "--key",
                key,
                model);
        byte[] rsa = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        for (byte[] other : List.of(rsa, new byte[0], new byte[] {0x30, 1})) {
            Files.writeString(key, PemFile.encode("PRIVATE KEY", other));
            assertFails(3, key + ": found a key of another kind, or none", "sign", "--key", key, model);
        }
        assertFalse(Files.exists(model.resolve("model.sig")));
    }

    @Test
    void whatIsNoModelIsNotSigned() throws IOException {
        Path key = writeKey(new ModelMaker(KeyCurve.P256));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertFails(4, empty + ": found a folder without a model", "sign", "--key", key, empty);
        Path link = Files.createSymbolicLink(model.resolve("link"), key);
        assertFails(4, link + ": found a symbolic link", "sign", "--key", key, model);
        assertFails(2, "Missing required option: '--key=FILE'", "sign", model);
        assertFalse(Files.exists(model.resolve("model.sig")));
    }

    @Test
    void theHelpSaysHowToMakeKeys() {
        String help = succeed("sign", "--help").out();
        assertTrue(help.contains("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out sign.key"), help);
    }

    /** The JDK cannot name the public key of a private one: what is computed here is what it made with it. */
    @ParameterizedTest
    @EnumSource
    void thePublicKeyIsFound(KeyCurve curve) throws IOException {
        for (int i = 0; i < 5; i++) {
            ModelMaker maker = new ModelMaker(curve);
            TrustedKey found = SigningKey.read(writeKey(maker)).publicKey();
            assertEquals(maker.key(), found);
        }
    }
}
