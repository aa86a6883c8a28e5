package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.gson.JsonObject;
import dev.glint.classify.choice.LocalChoice;
import dev.glint.runtime.file.Sha256;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code classify} promises, whatever it runs on: here, its verbs and engines. */
abstract class ClassifyContract extends TrustContract {
    @Test
    void helpNamesEveryVerbAndExitCode() throws IOException {
        Run run = run("--help");

        assertEquals(0, run.exitCode());
        assertEquals("", run.err());
        for (String word : new String[] {"bench", "decode", "info", "selftest", "--top-k", "130"}) {
            assertTrue(run.out().contains(word), run.out());
        }
        assertTrue(run("bench", "--help").out().startsWith("Measures the variants"));
    }

    @Test
    void theVersionNamesOnnxRuntimesToo() throws IOException {
        Run run = run("--version");

        assertTrue(run.out().matches("classify \\d+\\.\\d+\\.\\d+\\S* \\(ONNX Runtime 1\\.28\\.0\\)\n"), run.out());
        assertEquals(0, run.exitCode());
        assertEquals(run, run("bench", "--version"));
    }

    @Test
    void infoPrintsTheContract() throws IOException {
        Run json = run("info", "--json", "--model", file("model"));

        assertEquals(0, json.exitCode(), json.err());
        assertTrue(
                json.out().startsWith("{\"schema\":\"glint.info/1\",\"model\":\"int8.onnx\",\"bytes\":"), json.out());
        String contract = TinyModel.contract().toJson();
        assertTrue(json.out().endsWith(",\"contract\":" + contract + "}\n"), json.out());
        String text = run("info", "--model", file("model")).out();
        assertTrue(text.contains("\nlabels          3: red, green, blue\n"), text);
    }

    @Test
    void infoTellsModelEngineAndMachine() throws IOException {
        Path model = TinyModel.writeWithGolden(Path.of(file("golden.onnx")), 0);

        JsonObject with = json(run("info", "--json", "--model", model.toString()));
        JsonObject without = json(run("info", "--json", "--model", file("model")));
        String text = run("info", "--model", model.toString()).out();

        assertEquals(Sha256.ofFile(model), with.get("sha256").getAsString());
        assertEquals("{\"samples\":1,\"tolerance\":1.0E-4}", with.get("golden").toString());
        assertEquals("{\"samples\":0}", without.get("golden").toString());
        assertEquals("glint", with.get("engine").getAsString());
        assertEquals("cpu", with.get("provider").getAsString());
        JsonObject ort = json(run("info", "--json", "--engine", "ort", "--model", model.toString()));
        assertEquals("cpu", ort.get("provider").getAsString());
        assertTrue(ort.getAsJsonArray("providers").contains(ort.get("provider")), ort::toString);
        assertTrue(with.get("java").getAsString().matches(".*\\d.*"), with::toString);
        assertIsThisMachine(with.get("machine"));
        assertTrue(text.contains("\ngolden samples  1, logits within 0.0001\n"), text);
        assertTrue(text.contains("\nfeatures        "), text);
    }

    @Test
    void whatWasFoundBestHereRunsByDefault() throws IOException {
        TinyModel.write(Path.of(file("model/fp32.onnx")));
        write("model/manifest.json", "{\"default\":\"int8.onnx\"}".getBytes(StandardCharsets.UTF_8));
        Map<String, String> settings = Map.of("XDG_CONFIG_HOME", file("settings"));
        String[] classify = {"--json", "--model", file("model"), file("reddish.png")};
        assertTrue(run(settings, new byte[0], classify).out().contains("\"model\":\"int8.onnx\""));

        Path kept = new LocalChoice("fp32.onnx", 0).save(Path.of(file("model")), settings, "it is fastest");
        Run chosen = run(settings, new byte[0], classify);
        String[] info = {"info", "--json", "--model", file("model")};
        JsonObject inOrt = json(run(settings, new byte[0], info));
        new LocalChoice("fp32.onnx", Long.MAX_VALUE).save(Path.of(file("model")), settings, "it is fastest");
        JsonObject inOwn = json(run(settings, new byte[0], info));
        assertTrue(inOwn.has("loops"));
        Files.writeString(kept, "{}");
        Run broken = run(settings, new byte[0], classify);

        assertTrue(chosen.out().contains("\"model\":\"fp32.onnx\""), chosen.out());
        assertEquals("", chosen.err());
        assertEquals("ort", inOrt.get("engine").getAsString());
        assertEquals("glint", inOwn.get("engine").getAsString());
        assertTrue(broken.out().contains("\"model\":\"int8.onnx\""), broken.out());
        assertEquals(0, broken.exitCode());
        assertTrue(broken.err().startsWith("note: " + kept + ": found no valid choice of a variant ("), broken.err());
        assertEquals(1, broken.err().lines().count(), broken.err());
    }

    @Test
    void eitherEngineGivesTheAnswer() throws IOException {
        String[] picture = {"--model", file("model"), "-k1", file("reddish.png")};
        for (String engine : List.of("auto", "glint", "ort")) {
            run(Stream.concat(Stream.of("--engine", engine), Stream.of(picture)).toArray(String[]::new))
                    .assertPrints("red    0.7672\n");
        }
        for (String engine : List.of("glint", "ort")) {
            JsonObject info = json(run("info", "--json", "--engine", engine, "--model", file("model")));
            assertEquals(engine, info.get("engine").getAsString());
            assertEquals(engine.equals("ort"), info.has("onnxRuntime"));
            Run selftest = run(
                    "selftest",
                    "--engine",
                    engine,
                    TinyModel.writeWithGolden(Path.of(file("golden.onnx")), 0).toString());
            assertTrue(selftest.out().contains("\n" + engine + ": 1 of 1 golden samples hold"), selftest.out());
            assertEquals(2, selftest.out().lines().count());
        }
        run("--engine", "abacus", "--model", file("model"), file("reddish.png"))
                .assertFails(2, "--engine: found 'abacus', expected one of auto, glint, ort");
    }

    /** Without a wish, the other engine takes it. */
    @Test
    void anOperatorThatTheOwnEngineDoesNotKnowIsNamed() throws IOException {
        ModelProto.Builder model = TinyModel.model();
        NodeProto gemm = model.getGraph().getNode(1);
        model.getGraphBuilder()
                .setNode(1, gemm.toBuilder().setOutput(0, "sum"))
                .addNode(NodeProto.newBuilder()
                        .setOpType("Softplus")
                        .addInput("sum")
                        .addOutput("logits"));
        write("soft.onnx", model.build().toByteArray());

        Run run = run("--model", file("soft.onnx"), "-k1", file("reddish.png"));
        assertTrue(run.out().startsWith("red    0."), run.out() + run.err());
        run("--engine", "glint", "--model", file("soft.onnx"), file("reddish.png"))
                .assertFails(
                        4,
                        file("soft.onnx")
                                + ": found a model that no engine here runs (glint: the operator Softplus), expected");
    }

    @Test
    void aSelfTestSaysThatTheModelAnswersAsItMust() throws IOException {
        String model =
                TinyModel.writeWithGolden(Path.of(file("golden.onnx")), 0).toString();

        Run run = run("selftest", model);

        assertEquals("", run.err());
        assertEquals(0, run.exitCode());
        assertTrue(
                run.out().startsWith(model + "\nglint: 1 of 1 golden samples hold, no logit is more than "), run.out());
        assertTrue(
                run.out().endsWith("\nort: 1 of 1 golden samples hold, no logit is more than 0 off (0.0001 may be)\n"),
                run.out());
        JsonObject json = json(run("selftest", "--json", "--model", model));
        assertEquals("glint.selftest/1", json.get("schema").getAsString());
        assertTrue(json.get("holds").getAsBoolean());
    }

    @Test
    void aSelfTestSaysWhatDiffers() throws IOException {
        String model =
                TinyModel.writeWithGolden(Path.of(file("golden.onnx")), 0.5f).toString();

        Run run = run("selftest", model);

        String difference = "noise.png: the logit of red is ";
        run.assertErrors(5, model + ": found 1 of 1 golden samples that differ in glint (" + difference);
        assertTrue(run.err().contains("; 1 of 1 golden samples that differ in ort ("), run.err());
        assertTrue(run.out().startsWith(model + "\nglint: 0 of 1 golden samples hold"), run.out());
        assertTrue(run.out().contains("\n  " + difference), run.out());
        Run asJson = run("selftest", "--json", model);
        assertEquals(5, asJson.exitCode());
        JsonObject json = json(asJson);
        assertFalse(json.get("holds").getAsBoolean());
        JsonObject engine = json.getAsJsonArray("engines").get(1).getAsJsonObject();
        assertEquals("ort", engine.get("engine").getAsString());
        JsonObject sample = engine.getAsJsonArray("samples").get(0).getAsJsonObject();
        assertEquals("red", sample.get("label").getAsString());
        assertEquals(0.5, sample.get("distance").getAsDouble(), 1e-6);
        assertEquals(sample.get("expectedTensor"), sample.get("foundTensor"));
    }

    @Test
    void aSelfTestOfAModelWithoutSamplesProvesNothing() throws IOException {
        run("selftest", file("model"))
                .assertFails(
                        4, file("model/int8.onnx") + ": found a model without golden samples, expected those that");
        run("selftest", "--model", file("model"), file("model"))
                .assertFails(2, "found --model " + file("model") + " and ");
    }

    @Test
    void theModelThatComesWithTheProjectAnswersAsItMust() throws IOException {
        Path model = SharedData.projectRoot().resolve("edge-samples/models/cifar10-small-vgg");

        JsonObject json = json(run("selftest", "--json", model.toString()));

        assertTrue(json.get("holds").getAsBoolean(), json::toString);
        JsonObject engine = json.getAsJsonArray("engines").get(0).getAsJsonObject();
        assertEquals(7, engine.getAsJsonArray("samples").size());
    }

    @Test
    void decodePrintsTheHashOfThePixels() throws IOException {
        // The digest of 64 times the bytes 0a 14 1e.
        String digest = "777caa6370425b187fa3992fe0316776bc88d2e92e5c147d0948be1c82d66226";

        run("decode", file("bluish.png"))
                .assertPrints("PNG  8x8  RGB  orientation 1  " + digest + "  " + file("bluish.png") + "\n");
        run("decode", "--json", file("bluish.png"))
                .assertPrints("{\"schema\":\"glint.decode/1\",\"pictures\":[\n{\"file\":\"" + file("bluish.png")
                        + "\",\"format\":\"PNG\",\"width\":8,\"height\":8,\"mode\":\"RGB\",\"orientation\":1,"
                        + "\"sha256\":\"" + digest + "\"}\n]}\n");
    }

    /** A pipe has its bytes once; who opens it again waits for ever, or finds it empty. */
    @Test
    void aPipeIsReadOnce() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assumeTrue(makesPipe(pipe), "no named pipes here");
        Thread writer = new Thread(() -> {
            try {
                Files.write(pipe, png(10, 20, 30));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.setDaemon(true);
        writer.start();

        Run run = assertTimeoutPreemptively(Duration.ofMinutes(1), () -> run("decode", pipe.toString()));

        assertEquals("", run.err());
        assertTrue(run.out().startsWith("PNG  8x8  RGB  orientation 1  777caa63"), run.out());
    }

    private static boolean makesPipe(Path pipe) throws InterruptedException {
        try {
            return new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void decodeWritesThePixels() throws IOException {
        Run run = run("decode", "--out", file("out.ppm"), file("bluish.png"));

        assertEquals(0, run.exitCode(), run.err());
        byte[] expected = Arrays.copyOf("P6\n8 8\n255\n".getBytes(StandardCharsets.US_ASCII), 11 + 192);
        for (int i = 0; i < 64; i++) {
            expected[11 + 3 * i] = 10;
            expected[12 + 3 * i] = 20;
            expected[13 + 3 * i] = 30;
        }
        assertArrayEquals(expected, Files.readAllBytes(folder.resolve("out.ppm")));
        run("decode", "--out", file("two.ppm"), file("bluish.png"), file("reddish.png"))
                .assertFails(2, "found --out with several pictures, expected one picture");
        assertFalse(Files.exists(folder.resolve("two.ppm")));
    }

    @Test
    void benchRefusesTestPicturesThatAreNoLabels() throws IOException {
        write("set/red/1.png", png(200, 100, 50));
        write("set/pink/1.png", png(200, 100, 100));

        Run run = run("bench", "--model", file("model"), "--runs", "1", "--data", file("set"));

        run.assertFails(3, file("set/pink") + ": found a folder that is none of the model's labels");
    }
}
