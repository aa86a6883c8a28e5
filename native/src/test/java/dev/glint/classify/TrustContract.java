package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.ModelMaker;
import dev.glint.runtime.testing.TinyModel;
import dev.glint.runtime.trust.KeyCurve;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code classify --trust} takes and what it refuses, whatever it runs on. */
abstract class TrustContract extends HostileModelContract {
    private static final String ANSWER = "red    0.7672\n";

    private Path model() {
        return Path.of(file("model"));
    }

    private String signed(ModelMaker maker) throws IOException {
        maker.sign(model());
        return maker.writeKey(folder.resolve("key.pub")).toString();
    }

    @ParameterizedTest
    @EnumSource
    void aSignedModelAnswers(KeyCurve curve) throws IOException {
        String key = signed(new ModelMaker(curve));

        for (String engine : List.of("glint", "ort")) {
            classify("--trust", key, "-k1", "--engine", engine, file("reddish.png"))
                    .assertPrints(ANSWER);
        }
        Files.writeString(model().resolve("report.html"), "added");
        Run run = classify("--trust", key, file("reddish.png"));
        run.assertFails(4, file("model/report.html") + ": found a file that was added after it was signed");
        classify("-k1", file("reddish.png")).assertPrints(ANSWER);
    }

    @Test
    void anyOtherModelIsRefused() throws IOException {
        ModelMaker maker = new ModelMaker(KeyCurve.P256);
        String picture = file("reddish.png");
        String key = maker.writeKey(folder.resolve("key.pub")).toString();
        String model = file("model/int8.onnx");
        classify("--trust", key, picture).assertFails(4, model + ": found an unsigned model, expected model.sig");

        signed(maker);
        String other = new ModelMaker(KeyCurve.P256)
                .writeKey(folder.resolve("other.pub"))
                .toString();
        classify("--trust", other, picture)
                .assertFails(4, file("model/model.sig") + ": found a signature with another key");

        TinyModel.write(Path.of(model), TinyModel.contract().toJson().replace("\"red\"", "\"ruby\""));
        classify("-k1", picture).assertPrints("ruby   0.7672\n");
        classify("--trust", key, picture)
                .assertFails(4, model + ": found a file that was changed after it was signed, SHA-256 ");

        Files.delete(model().resolve("model.sig"));
        Files.writeString(folder.resolve("model/int8.onnx.sig"), "{}");
        classify("--trust", key, picture).assertFails(4, model + ".sig: found no valid signature (no field mediaType)");
    }

    @Test
    void aLinkIsNotAModel() throws IOException {
        String key = signed(new ModelMaker(KeyCurve.P256));
        Path elsewhere = Files.move(model().resolve("int8.onnx"), folder.resolve("elsewhere.onnx"));
        Files.createSymbolicLink(model().resolve("int8.onnx"), elsewhere);

        classify("--trust", key, file("reddish.png"))
                .assertFails(4, file("model/int8.onnx") + ": found a symbolic link");
    }

    @Test
    void theEnvironmentMayRequireIt() throws IOException {
        ModelMaker maker = new ModelMaker(KeyCurve.P384);
        Map<String, String> required =
                Map.of("GLINT_TRUST", maker.writeKey(folder.resolve("key.pub")).toString());
        String[] classify = {"--model", file("model"), "-k1", file("reddish.png")};
        run(required, new byte[0], classify).assertFails(4, file("model/int8.onnx") + ": found an unsigned model");

        signed(maker);
        run(required, new byte[0], classify).assertPrints(ANSWER);
        run(Map.of("GLINT_TRUST", file("none")), new byte[0], classify)
                .assertFails(3, file("none") + ": found no such file, expected a public key");
        run(Map.of("GLINT_TRUST", ""), new byte[0], classify).assertPrints(ANSWER);
    }

    /** Every verb that opens a model does it by its signature. */
    @Test
    void everyVerbAsksForIt() throws IOException {
        TinyModel.writeWithGolden(Path.of(file("model/int8.onnx")), 0);
        ModelMaker maker = new ModelMaker(KeyCurve.P256);
        String key = maker.writeKey(folder.resolve("key.pub")).toString();
        String frame = "P6 8 8 255\n" + "a".repeat(192);
        List<List<String>> commands = List.of(
                List.of("info", "--model", file("model")),
                List.of("selftest", "--model", file("model")),
                List.of("--jsonl", "--workers", "2", "--model", file("model"), file("reddish.png"), file("bluish.png")),
                List.of("--stream", "rgb24:8x8", "--model", file("model")),
                List.of("--model", file("model"), "-"));
        for (List<String> command : commands) {
            List<String> trusting = new ArrayList<>(command);
            trusting.addAll(command.get(0).startsWith("-") ? 0 : 1, List.of("--trust", key));
            Files.deleteIfExists(Path.of(file("model/model.sig")));
            byte[] in = command.contains("-")
                    ? png(200, 100, 50)
                    : frame.substring(11).getBytes(StandardCharsets.US_ASCII);
            run(Map.of(), in, trusting.toArray(String[]::new))
                    .assertFails(4, file("model/int8.onnx") + ": found an unsigned model");

            maker.sign(model());
            Run run = run(Map.of(), in, trusting.toArray(String[]::new));
            assertEquals(0, run.exitCode(), command + run.err());
            assertTrue(run.out().length() > 10, run.out());
        }
    }

    @Test
    void keysThatAreNoneAreNamed() throws IOException {
        String key = write("key.pub", "no key".getBytes(StandardCharsets.US_ASCII));
        classify("--trust", key, file("reddish.png"))
                .assertFails(3, key + ": found no key, expected a public key of ECDSA");
        classify("--trust", "", file("reddish.png"))
                .assertFails(2, "Invalid value for option '--trust': found nothing, expected a path");
    }
}
