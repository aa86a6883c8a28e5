package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.trainer.engine.DeviceChoice;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class TrainerCommandTest {
    @TempDir
    Path folder;

    private record Result(int exitCode, String out, String err) {}

    private static Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                TrainerCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = command.execute(arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }

    private static Stream<List<String>> usageErrors() {
        return Stream.of(
                List.of("fit", "--model", "resnet1000"),
                List.of("fit", "--model", "small-vgg"),
                List.of("fit", "--data", "imagenet"),
                List.of("fit", "--epochs", "0"),
                List.of("fit", "--epochs", "-1"),
                List.of("fit", "--epochs", "five"),
                List.of("fit", "--limit", "0"),
                List.of("fit", "--batch-size", "0"),
                List.of("fit", "--lr", "0"),
                List.of("fit", "--lr", "NaN"),
                List.of("fit", "--threads", "0"),
                List.of("fit", "--threads", "99999"),
                List.of("fit", "--seed", "x"),
                List.of("fit", "--augment", "blur"),
                List.of("fit", "--normalize", "1:0"),
                List.of("fit", "--normalize", "1,2:3,4"),
                List.of("fit", "--validation", "1"),
                List.of("fit", "--size", "0"),
                List.of("fit", "--data", "folder:"),
                List.of("fit", "--device", "tpu"),
                List.of("find-lr", "--device", "gpu:x"),
                List.of("fit", "--nonsense"),
                List.of("eval"),
                List.of("fit", "--preset", "slow"),
                List.of("fit", "--preset", "fast"),
                List.of("fit", "--optimizer", "lion"),
                List.of("fit", "--schedule", "sine"),
                List.of("fit", "--schedule", "step=2:0.5"),
                List.of("fit", "--label-smoothing", "1"),
                List.of("fit", "--ema", "1"),
                List.of("fit", "--momentum", "1"),
                List.of("fit", "--warmup", "-1"),
                List.of("fit", "--freeze-backbone", "1"),
                List.of("fit", "--backbone-lr", "0.1"),
                List.of("fit", "--freeze-batch-norm"),
                List.of("fit", "--preset", "fine-tune"),
                List.of("fit", "--weights", "x", "--whitening"),
                List.of("fit", "--weights", "x", "--preset", "fast", "--model", "resnet8", "--data", "cifar10:x"),
                List.of("fit", "--weights", "x", "--freeze-backbone", "3", "--epochs", "2"),
                List.of("fit", "--weights", "x", "--freeze-backbone", "-1"),
                List.of("fit", "--weights", "x", "--backbone-lr", "0"),
                List.of("data", "bars"),
                List.of("data", "--out", "x"),
                List.of("nonsense"));
    }

    @ParameterizedTest
    @MethodSource("usageErrors")
    void usageErrorsAreOneLineWithExitCode2(List<String> arguments) {
        Result result = run(arguments.toArray(String[]::new));
        assertEquals(2, result.exitCode, result.err);
        assertEquals("", result.out);
        assertOneLine(result.err);
        assertFalse(Files.exists(Path.of("runs")), "nothing written");
    }

    @Test
    void inputErrorsAreOneLineWithExitCode3AndNothingIsWritten() throws IOException {
        Path run = folder.resolve("run");
        Path wrong = Files.createDirectories(folder.resolve("wrong"));
        Files.writeString(wrong.resolve("batches.meta.txt"), "a\nb\n");
        for (String[] arguments : new String[][] {
            {"fit", "--model", "small-vgg", "--data", "cifar10:" + folder.resolve("none"), "--run", run.toString()},
            {"fit", "--model", "small-vgg", "--data", "cifar10:" + wrong, "--run", run.toString()},
            {"fit", "--data", "mnist:" + wrong, "--run", run.toString()},
            {"fit", "--data", "folder:" + wrong, "--run", run.toString()},
            {"data", "cifar10:" + folder.resolve("none"), "--out", run.toString()},
            {"eval", run.toString()},
            {"eval", wrong.toString()},
        }) {
            Result result = run(arguments);
            assertEquals(3, result.exitCode, result.err);
            assertEquals("", result.out);
            assertOneLine(result.err);
            assertFalse(Files.exists(run), "nothing written");
        }
    }

    private static void assertOneLine(String err) {
        assertTrue(err.startsWith("error: "), err);
        assertEquals(1, err.lines().count(), err);
        assertTrue(err.endsWith("\n"), err);
    }

    @Test
    void fitEvalAndTheirJson() {
        String run = folder.resolve("run").toString();
        Result fit = run("fit", "--run", run, "--epochs", "2", "--limit", "600", "--seed", "5", "--device", "cpu");
        assertEquals(0, fit.exitCode, fit.err);
        List<String> lines = fit.out.lines().toList();
        assertEquals("params=1538", lines.get(0));
        assertEquals("bar-cnn, which is usual for bars: 2 epochs of adam at 0.003 in batches of 32", lines.get(1));
        assertTrue(
                lines.get(2)
                        .matches("epoch 1/2  loss \\d\\.\\d{4}  held-out loss \\d\\.\\d{4}  held-out accuracy"
                                + " \\d+\\.\\d\\d %  \\d+\\.\\d s"),
                lines.get(2));
        assertEquals(5, lines.size());
        assertEquals("", fit.err);

        Result again = run("fit", "--run", run, "--epochs", "1");
        assertEquals(3, again.exitCode);
        assertTrue(again.err.contains("--force"), again.err);

        Result json = run("fit", "--run", run, "--epochs", "2", "--limit", "600", "--seed", "5", "--force", "--json");
        assertEquals(0, json.exitCode, json.err);
        JsonObject object = JsonParser.parseString(json.out).getAsJsonObject();
        assertEquals("glint.trainer.fit/1", object.get("schema").getAsString());
        assertEquals(1_538, object.get("params").getAsInt());
        assertEquals(2, object.getAsJsonArray("epochs").size());
        assertTrue(json.err.contains("params=1538\n"), json.err);

        Result eval = run("eval", run, "--json");
        JsonObject score = JsonParser.parseString(eval.out).getAsJsonObject();
        assertEquals("glint.trainer.eval/1", score.get("schema").getAsString());
        assertEquals(400, score.get("pictures").getAsInt());
        assertEquals(
                object.get("bestHeldOutAccuracy").getAsDouble(),
                score.get("accuracy").getAsDouble());
        assertTrue(run("eval", run).out.contains(" of 400 held-out pictures right ("));
    }

    @Test
    void withoutAGpuAutoGoesOnAndSaysWhyAndGpuFails() throws IOException {
        assumeTrue(DeviceChoice.parse("auto").resolve(1).note().isPresent(), "a machine without a GPU");
        Path run = folder.resolve("run");
        Result fit = run("fit", "--run", run.toString(), "--epochs", "1", "--limit", "64");
        assertEquals(0, fit.exitCode, fit.err);
        assertEquals(1, fit.err.lines().count(), fit.err);
        assertTrue(fit.err.startsWith("on the CPU: "), fit.err);
        JsonObject config = JsonParser.parseString(Files.readString(run.resolve("config.json")))
                .getAsJsonObject();
        assertEquals("cpu", config.get("device").getAsString());
        assertEquals("", run("eval", run.toString()).err);
        assertTrue(run("eval", run.toString(), "--device", "auto").err.startsWith("on the CPU: "));

        Path other = folder.resolve("other");
        for (String[] arguments : new String[][] {
            {"fit", "--run", other.toString(), "--device", "gpu"},
            {"find-lr", "--out", other.toString(), "--device", "gpu:1"},
            {"eval", run.toString(), "--device", "gpu"},
        }) {
            Result result = run(arguments);
            assertEquals(2, result.exitCode, result.err);
            assertEquals("", result.out);
            assertOneLine(result.err);
            assertTrue(result.err.contains("found no usable GPU ("), result.err);
            assertFalse(Files.exists(other), "nothing written");
        }
    }

    @Test
    void aRunOfAGpuIsJudgedOnTheCpu() throws IOException {
        Path run = folder.resolve("run");
        assertEquals(0, run("fit", "--run", run.toString(), "--epochs", "1", "--limit", "64").exitCode);
        Result before = run("eval", run.toString());
        Path config = run.resolve("config.json");
        String text = Files.readString(config);
        Files.writeString(config, text.replace("\"device\": \"cpu\"", "\"device\": \"gpu:7\""));
        Result after = run("eval", run.toString());
        assertEquals(0, after.exitCode, after.err);
        assertEquals(before.out, after.out);
        assertEquals(0, run("report", run.toString()).exitCode);
        assertTrue(Files.readString(run.resolve("report.html")).contains("gpu:7"));
    }

    private JsonObject recipe(Path run) throws IOException {
        return JsonParser.parseString(Files.readString(run.resolve("config.json")))
                .getAsJsonObject()
                .getAsJsonObject("recipe");
    }

    @Test
    void anotherOptimizerHasItsOwnRateAndDecay() throws IOException {
        Path run = folder.resolve("run");
        Result fit =
                run("fit", "--run", run.toString(), "--epochs", "1", "--limit", "32", "--optimizer", "sgd-nesterov");
        assertEquals(0, fit.exitCode, fit.err);
        assertEquals(0.03, recipe(run).get("learningRate").getAsDouble(), 1e-12);
        assertTrue(fit.out.contains("sgd-nesterov at 0.03"), fit.out);
    }

    @Test
    void aRiseThatWouldTakeAllStepsLeavesTheLastOne() throws IOException {
        String run = folder.resolve("run").toString();
        Result fit = run("fit", "--run", run, "--schedule", "one-cycle=0.9", "--epochs", "1", "--limit", "32");
        assertEquals(0, fit.exitCode, fit.err);
    }

    @Test
    void whatIsWrongWithAnOptionNamesItAndItsRange() {
        String[][] wrong = {
            {"--label-smoothing", "1", "0 or more, below 1"},
            {"--ema", "-0.1", "0 or more, below 1"},
            {"--momentum", "1", "0 or more, below 1"},
            {"--weight-decay", "-1", "0 or more"},
            {"--clip-norm", "NaN", "0 or more"},
            {"--norm-bias-rate", "0", "a positive number"},
            {"--warmup", "-1", "0 or more"},
            {"--optimizer", "rmsprop", "sgd-nesterov, adam or adamw"},
            {"--schedule", "sine", "constant, cosine (to 0)"},
        };
        for (String[] option : wrong) {
            Result result = run("fit", option[0], option[1]);
            assertEquals(2, result.exitCode, option[0]);
            assertTrue(result.err.startsWith("error: " + option[0] + ": found "), result.err);
            assertTrue(result.err.contains("expected " + option[2]), result.err);
        }
    }

    @Test
    void aScheduleThatIsWrongSaysWhichNumberIs() {
        String[][] wrong = {
            {"one-cycle=9", "a rise of 9.0, which is not between 0 and 1"},
            {"step=2:0.5", "a factor of 2.0, which is not between 0 and 1"},
            {"step=0.1:0.5:0.4", "the share 0.4, which is not between the one before it and 1"},
            {"step=much", "'much', which is no number"},
        };
        for (String[] schedule : wrong) {
            Result result = run("fit", "--schedule", schedule[0]);
            assertEquals(2, result.exitCode, schedule[0]);
            assertTrue(result.err.startsWith("error: --schedule: found " + schedule[1] + ", expected "), result.err);
        }
    }

    @Test
    void theFastPresetIsForSmallPicturesAndTheirNetworks() {
        for (String model :
                List.of("bar-cnn", "mlp", "resnet18", "mobilenet-v3-small", "efficientnet-b0", "vit-b-16")) {
            Result result = run("fit", "--preset", "fast", "--model", model, "--data", "bars");
            assertEquals(2, result.exitCode, model);
            assertTrue(result.err.contains("small-vgg, simple-cnn, resnet8"), result.err);
        }
        Result large = run("fit", "--preset", "fast", "--model", "resnet8", "--data", "bars", "--size", "96");
        assertEquals(2, large.exitCode);
        assertTrue(large.err.contains("the preset fast for pictures of 96x96"), large.err);
    }

    @Test
    void optionsOverrideThePreset() throws IOException {
        Path run = folder.resolve("run");
        Result fit = run(
                "fit",
                "--run",
                run.toString(),
                "--epochs",
                "2",
                "--limit",
                "128",
                "--optimizer",
                "adamw",
                "--lr",
                "0.01",
                "--momentum",
                "0.8",
                "--weight-decay",
                "0.02",
                "--no-decay-all",
                "--norm-bias-rate",
                "2",
                "--clip-norm",
                "5",
                "--schedule",
                "one-cycle=0.4",
                "--label-smoothing",
                "0.1",
                "--ema",
                "0.9",
                "--whitening",
                "--test-flip",
                "--batch-size",
                "16",
                "--augment",
                "flip");
        assertEquals(0, fit.exitCode, fit.err);
        JsonObject config = JsonParser.parseString(Files.readString(run.resolve("config.json")))
                .getAsJsonObject();
        JsonObject expected = JsonParser.parseString(
                        "{epochs: 2, batchSize: 16, optimizer: adamw, learningRate: 0.01, momentum: 0.8, weightDecay: 0.02,"
                                + " decaysAll: false, normBiasRate: 2.0, clipNorm: 5.0, schedule: 'one-cycle=0.4',"
                                + " warmupEpochs: 0.0, labelSmoothing: 0.1, averageDecay: 0.9, whitening: true,"
                                + " testFlip: true, frozenEpochs: 0, backboneLearningRate: null, frozenBatchNorm: false,"
                                + " augmentations: 'flip=0.5'}")
                .getAsJsonObject();
        assertEquals(expected, config.getAsJsonObject("recipe"));
        assertTrue(run("eval", run.toString()).out.contains("mirror image"));
        assertFalse(run("eval", run.toString(), "--no-test-flip").out.contains("mirror image"));
    }

    @Test
    void brokenWeightsAreAModelError() throws IOException {
        Path run = folder.resolve("run");
        assertEquals(0, run("fit", "--run", run.toString(), "--epochs", "1", "--limit", "64").exitCode);
        Files.write(run.resolve("best.safetensors"), new byte[100]);
        Result eval = run("eval", run.toString());
        assertEquals(4, eval.exitCode);
        assertOneLine(eval.err);
        assertTrue(eval.err.contains("best.safetensors"), eval.err);
        assertTrue(run("eval", run.toString(), "--debug").err.contains("\tat dev.glint."));
    }

    @Test
    void dataWritesTheFirstPicturesOfAPart() throws IOException {
        String out = folder.resolve("pictures").toString();
        Result result = run("data", "bars", "--out", out, "--limit", "10", "--split", "train", "--json");
        assertEquals(0, result.exitCode, result.err);
        assertEquals(
                10,
                JsonParser.parseString(result.out)
                        .getAsJsonObject()
                        .get("pictures")
                        .getAsInt());
        assertEquals(5, files(folder.resolve("pictures/horizontal")));
        assertEquals(5, files(folder.resolve("pictures/vertical")));
        assertEquals(3, run("data", "bars", "--out", out).exitCode);
    }

    private static long files(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }

    @Test
    void helpNamesEveryVerbAndTheExitCodes() {
        Result help = run("--help");
        assertEquals(0, help.exitCode);
        for (String word : List.of("fit", "eval", "data", "130", "interrupted")) {
            assertTrue(help.out.contains(word), help.out);
        }
        assertTrue(run("fit", "--help").out.contains("bar-cnn, small-vgg"));
        assertTrue(run("--version").out.matches("trainer \\d+\\.\\d+\\.\\d+\\S* \\(DJL \\S+, PyTorch \\S+\\)\\R"));
    }

    @Test
    void everyVerbTellsTheVersion() {
        String version = run("--version").out;
        for (String verb : List.of("fit", "eval", "report", "find-lr", "baseline", "data")) {
            assertEquals(version, run(verb, "--version").out, verb);
        }
    }
}
