package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.classify.choice.LocalChoice;
import dev.glint.console.machine.Machine;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.file.Sha256;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.testing.ForeignModel;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import dev.glint.runtime.testing.UnreadableFolder;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code classify} promises, whatever it runs on. */
abstract class ClassifyContract {
    /** Holds {@code model/int8.onnx}, {@code reddish.png}, {@code bluish.png} and whatever a test adds. */
    @TempDir
    private Path folder;

    /** Runs the command with nothing in its environment but these variables. */
    abstract Run run(Map<String, String> environment, byte[] in, String... args) throws IOException;

    final Run run(String... args) throws IOException {
        return run(Map.of(), new byte[0], args);
    }

    /** Runs the command on the tiny model. */
    final Run classify(String... args) throws IOException {
        String[] all = Arrays.copyOf(new String[] {"--model", file("model")}, args.length + 2);
        System.arraycopy(args, 0, all, 2, args.length);
        return run(all);
    }

    final String file(String name) {
        return folder.resolve(name).toString();
    }

    final String write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return file.toString();
    }

    @Test
    void modelsWithOtherInputsAndOutputsAnswerAlike() throws IOException {
        String expected = classify("-k1", file("reddish.png")).out();
        Path foreign = folder.resolve("foreign.onnx");
        for (ElementType type : ElementType.values()) {
            new ForeignModel(Layout.NHWC, ColorSpace.BGR, type, OutputKind.PROBABILITIES).write(foreign);
            Run other = run("--model", foreign.toString(), "-k1", file("reddish.png"));
            assertEquals(new Run(0, expected, ""), other);
        }
    }

    /** A picture of one colour. */
    static byte[] png(int red, int green, int blue) {
        byte[] samples = new byte[TinyModel.SIZE * TinyModel.SIZE * 3];
        for (int i = 0; i < samples.length; i += 3) {
            samples[i] = (byte) red;
            samples[i + 1] = (byte) green;
            samples[i + 2] = (byte) blue;
        }
        return PngFile.of(new Image(TinyModel.SIZE, TinyModel.SIZE, Mode.RGB, samples));
    }

    @BeforeEach
    final void makeFiles() throws IOException {
        TinyModel.write(folder.resolve("model/int8.onnx"));
        write("reddish.png", png(200, 100, 50));
        write("bluish.png", png(10, 20, 30));
    }

    @Test
    void onePictureGivesALinePerClass() throws IOException {
        // Logits 4 * 200 / 255, 4 * 100 / 255, 4 * 50 / 255; softmax by hand.
        classify(file("reddish.png")).assertPrints("red    0.7672\ngreen  0.1598\nblue   0.0730\n");
        classify("--top-k", "1", file("bluish.png")).assertPrints("blue   0.3868\n");
        classify("-k", "99", file("bluish.png")).assertPrints("blue   0.3868\ngreen  0.3306\nred    0.2826\n");
    }

    @Test
    void severalPicturesGiveALineOrABlockEach() throws IOException {
        String red = file("reddish.png");
        String blue = file("bluish.png");

        classify("-k", "1", red, blue).assertPrints(red + "  red    0.7672\n" + blue + "   blue   0.3868\n");
        classify("-k", "2", red, blue)
                .assertPrints(
                        red + "\n  red    0.7672\n  green  0.1598\n" + blue + "\n  blue   0.3868\n  green  0.3306\n");
    }

    @Test
    void jsonHasEveryDigitPinned() throws IOException {
        classify("--json", "-k", "2", file("reddish.png"), file("bluish.png"))
                .assertPrints("{\"schema\":\"glint.classify/1\",\"model\":\"int8.onnx\",\"pictures\":[\n"
                        + "{\"file\":\"" + file("reddish.png") + "\",\"candidates\":["
                        + "{\"label\":\"red\",\"index\":0,\"probability\":0.767212},"
                        + "{\"label\":\"green\",\"index\":1,\"probability\":0.159834}]},\n"
                        + "{\"file\":\"" + file("bluish.png") + "\",\"candidates\":["
                        + "{\"label\":\"blue\",\"index\":2,\"probability\":0.386766},"
                        + "{\"label\":\"green\",\"index\":1,\"probability\":0.330616}]}\n"
                        + "]}\n");
    }

    @Test
    void probabilitiesCloseToZeroAreWrittenOut() throws IOException {
        String red = write("red.png", png(255, 0, 0));

        String json = classify("--json", red).out();

        assertTrue(json.contains("\"probability\":0.017668}"), json);
        assertFalse(json.contains("E-"), json);
    }

    @Test
    void standardInputIsAPictureToo() throws IOException {
        Run run = run(Map.of(), png(200, 100, 50), "--model", file("model"), "-k", "1", "-");

        run.assertPrints("red    0.7672\n");
    }

    @Test
    void foldersAreSearchedForPictures() throws IOException {
        write("album/b/2.png", png(200, 100, 50));
        write("album/b/notes.txt", new byte[] {1});
        write("album/a.PNG", png(10, 20, 30));

        classify("-k1", file("album"))
                .assertPrints(
                        file("album/a.PNG") + "    blue   0.3868\n" + file("album/b/2.png") + "  red    0.7672\n");
    }

    @Test
    void theModelMayComeFromTheEnvironmentAndBeAFile() throws IOException {
        Run run = run(Map.of("GLINT_MODEL", file("model/int8.onnx")), new byte[0], "--top-k=1", file("reddish.png"));

        run.assertPrints("red    0.7672\n");
    }

    @Test
    void withoutAModelTheLineSaysHowToNameOne() throws IOException {
        Run run = run(file("reddish.png"));

        run.assertFails(2, "found no model, expected --model, or GLINT_MODEL in the environment");
    }

    @Test
    void commandLinesThatMakeNoSenseAreRefused() throws IOException {
        run().assertFails(2, "found no IMAGE, expected a picture, a folder or -; name one, or see classify --help");
        classify("--colour", "red").assertFails(2, "Unknown option: '--colour'; see classify --help");
        classify("-k", "few", file("reddish.png")).assertFails(2, "Invalid value for option '--top-k'");
        classify("-k", "0", file("reddish.png")).assertFails(2, "found --top-k 0, expected 1 or more");
        classify("-t", "0", file("reddish.png")).assertFails(2, "found --threads 0, expected 1 to 256");
        run("bench", "--rounds", "3")
                .assertFails(2, "Unknown option: '--rounds'; did you mean --runs? see classify bench --help");
        run("bench", "--runs", "0").assertFails(2, "found --runs 0");
        run("bench", "--max-drop", "-1").assertFails(2, "found --max-drop -1.0");
    }

    @Test
    void brokenPicturesAreNamed() throws IOException {
        String missing = file("missing.png");
        classify(missing).assertFails(3, missing + ": found no such file");

        String text = write("text.png", "no picture".getBytes(StandardCharsets.US_ASCII));
        classify(text).assertFails(3, text + ": found a text file");

        byte[] whole = png(200, 100, 50);
        String truncated = write("truncated.png", Arrays.copyOf(whole, whole.length - 20));
        classify(truncated).assertFails(3, truncated + ": ");

        String vast =
                write("vast.png", new PngFile().header(60_000, 60_000, 8, 2, 0).end());
        classify(vast).assertFails(6, vast + ": ");

        Files.createDirectory(folder.resolve("empty"));
        String empty = file("empty");
        classify(empty).assertFails(3, empty + ": found a folder without pictures");

        run(Map.of(), new byte[0], "--model", file("model"), "-").assertFails(3, "standard input: found an empty file");
    }

    @Test
    void brokenModelsAreNamed() throws IOException {
        String picture = file("reddish.png");
        String missing = file("missing.onnx");
        run("--model", missing, picture).assertFails(4, missing + ": found no such file");

        String without =
                TinyModel.writeWithoutContract(folder.resolve("without.onnx")).toString();
        run("-m", without, picture).assertFails(4, without + ": found a model without a preprocessing contract");

        String text = write("text.onnx", "no model".getBytes(StandardCharsets.US_ASCII));
        run("-m", text, picture).assertFails(4, text + ": found no ONNX model");

        Files.createDirectory(folder.resolve("empty"));
        String empty = file("empty");
        run("-m", empty, picture).assertFails(4, empty + ": found a folder without a model");
    }

    @Test
    void aBrokenPictureDoesNotStopTheOthers() throws IOException {
        String text = write("text.png", "no picture".getBytes(StandardCharsets.US_ASCII));

        Run run = classify("--json", "-k1", file("reddish.png"), text, file("bluish.png"));

        run.assertErrors(3, text + ": found a text file");
        String[] lines = run.out().split("\n");
        assertEquals(5, lines.length, run.out());
        assertTrue(lines[1].contains("\"label\":\"red\""), lines[1]);
        assertTrue(lines[2].startsWith("{\"file\":\"" + text + "\",\"error\":\"" + text + ": found a text"), lines[2]);
        assertTrue(lines[3].contains("\"label\":\"blue\""), lines[3]);
    }

    @Test
    void anUnreadableFolderDoesNotStopTheOthers() throws IOException {
        write("album/a.png", png(200, 100, 50));
        write("album/z/b.png", png(10, 20, 30));
        Files.createSymbolicLink(folder.resolve("album/loop"), folder.resolve("album"));

        classify("-k1", file("album"))
                .assertPrints(
                        file("album/a.png") + "    red    0.7672\n" + file("album/z/b.png") + "  blue   0.3868\n");
        try (UnreadableFolder unreadable = new UnreadableFolder(folder.resolve("album"), "m")) {
            Run run = classify("--json", "-k1", file("album"));

            run.assertErrors(3, unreadable.path().toString());
            assertTrue(run.err().contains(": found an unreadable folder ("), run.err());
            String[] lines = run.out().split("\n");
            assertEquals(5, lines.length, run.out());
            assertTrue(lines[1].contains("\"label\":\"red\""), lines[1]);
            assertTrue(lines[2].contains("\"error\":\"" + unreadable.path()), lines[2]);
            assertTrue(lines[3].contains("\"label\":\"blue\""), lines[3]);
        }
    }

    @Test
    void picturesInFormatsThatAreNotReadAreCounted() throws IOException {
        write("album/a.png", png(200, 100, 50));
        write("album/b.webp", new byte[] {1});
        write("album/c/d.GIF", new byte[] {1});
        write("album/notes.txt", new byte[] {1});

        Run run = classify("-k1", file("album"));

        assertEquals(0, run.exitCode(), run.err());
        assertEquals("red    0.7672\n", run.out());
        assertEquals(
                "note: " + file("album") + ": left out 2 pictures in formats that are not read (.gif 1, .webp 1)\n",
                run.err());
    }

    @Test
    void noWordFromAPictureActsOnTheTerminal() throws IOException {
        String name = write(
                "a\u001b[2J\u202e.pam",
                "P7\nTUPLTYPE \u001b]0;owned\u0007\nDEPTH 9\nWIDTH 1\nHEIGHT 1\nMAXVAL 1\nENDHDR\n"
                        .getBytes(StandardCharsets.UTF_8));

        Run run = classify(name);

        run.assertErrors(
                3, file("a\ufffd[2J\ufffd.pam") + ": found a PAM of 9 channels, tuple type \"\ufffd]0;owned\ufffd\"");
    }

    @Test
    void debugShowsWhere() throws IOException {
        Run run = classify("--debug", file("missing.png"));

        assertEquals(3, run.exitCode());
        assertTrue(run.err().contains("\tat dev.glint.runtime.decode.EncodedPicture."), run.err());
    }

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

    /** What a report says of the machine that it comes from. */
    void assertIsThisMachine(JsonElement machine) {
        assertEquals(Machine.current().toJson(), machine);
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

    private static JsonObject json(Run run) {
        return JsonParser.parseString(run.out()).getAsJsonObject();
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

    @Test
    void misspelledOptionsAndVerbsAreGuessed() throws IOException {
        run("--modle", file("model"), file("reddish.png"))
                .assertFails(2, "Unknown option: '--modle'; did you mean --model? see classify --help");
        run("--topk=1", file("reddish.png"))
                .assertFails(2, "Unknown option: '--topk=1'; did you mean --top-k? see classify --help");
        classify("bnech")
                .assertFails(
                        3,
                        "bnech: found no such file, expected a picture; check the path, or did you mean"
                                + " the verb bench, as in classify bench?");
    }

    @Test
    void anEmptyNameIsNotTheCurrentFolder() throws IOException {
        classify("").assertFails(2, "found an empty name, expected a picture, a folder or -");
        run("decode", "").assertFails(2, "found an empty name");
        run("--model", "", file("reddish.png"))
                .assertFails(2, "Invalid value for option '--model': found nothing, expected a path");
        run("bench", "--model", file("model"), "--data", "")
                .assertFails(2, "Invalid value for option '--data': found nothing, expected a path");
        run("decode", "--out", "", file("reddish.png"))
                .assertFails(2, "Invalid value for option '--out': found nothing, expected a path");
    }

    /** Divided by the standard deviation, a white picture gets logits that no float can hold; a black one gets zeros. */
    private String modelWithoutAnAnswerToWhite() throws IOException {
        String contract = TinyModel.contract().toJson().replace("[1.0,1.0,1.0]", "[1e-38,1e-38,1e-38]");
        assertTrue(contract.contains("1e-38"), contract);
        return TinyModel.write(folder.resolve("overflowing.onnx"), contract).toString();
    }

    @Test
    void aPictureWithoutAnAnswerDoesNotStopTheOthers() throws IOException {
        String model = modelWithoutAnAnswerToWhite();
        String white = write("white.png", png(255, 255, 255));
        String black = write("black.png", png(0, 0, 0));

        Run run = run("--json", "-k1", "-m", model, white, black);

        run.assertErrors(4, white + ": found a logit of Infinity from " + model + ", expected finite logits");
        String[] lines = run.out().split("\n");
        assertEquals(4, lines.length, run.out());
        assertTrue(lines[1].startsWith("{\"file\":\"" + white + "\",\"error\":\"" + white + ": found "), lines[1]);
        assertTrue(lines[2].contains("\"label\":\"red\""), lines[2]);
        assertEquals("]}", lines[3]);
    }

    @Test
    void noLineSteersATerminal() throws IOException {
        String name = "\u001b]0;title\u0007\u001b[2J\n\u202e.png";
        String shown = "\ufffd]0;title\ufffd\ufffd[2J\ufffd\ufffd.png";
        String picture = write(name, png(200, 100, 50));
        String labels = TinyModel.contract().toJson().replace("\"red\"", "\"r\\u001b[2Jed\"");
        String model = TinyModel.write(folder.resolve("steering.onnx"), labels).toString();

        run("-m", model, "-k1", picture, file("bluish.png"))
                .assertPrints(file(shown) + "  r\ufffd[2Jed  0.7672\n" + padded(file("bluish.png"), file(shown))
                        + "  blue     0.3868\n");
        assertSteersNothing(run("decode", picture), shown);
        assertSteersNothing(run("info", "-m", model), "r\ufffd[2Jed");
        assertSteersNothing(run("decode", file(name + ".missing")), "");
        assertSteersNothing(run("--" + name, picture), "]0;title");
        assertSteersNothing(run("info", "-m", file(name)), "");
        Run json = run("-m", model, "--json", picture);
        assertSteersNothing(json, "\\u001b]0;title\\u0007\\u001b[2J\\n\\u202e.png");
        assertTrue(json.out().contains("\"label\":\"r\\u001b[2Jed\""), json.out());
    }

    private static String padded(String text, String other) {
        return text + " ".repeat(other.length() - text.length());
    }

    private static void assertSteersNothing(Run run, String shown) {
        String all = run.out() + run.err();
        assertTrue(all.contains(shown), all);
        all.chars()
                .filter(c -> c != '\n' && (Character.isISOControl(c) || c == '\u202e'))
                .forEach(c -> fail("character " + c + " in " + all));
    }
}
