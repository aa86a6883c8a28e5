package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import dev.glint.trainer.run.RunFolder;
import dev.glint.trainer.weights.safetensors.Safetensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** ResNet-8 learns two colours, and then three others with what it knows. */
class FineTuneTest {
    private static final String HEAD = "fc.";
    /** Those of the backbone count, though it is frozen at first. */
    private static final int PARAMETERS = 77_731;

    @TempDir
    private static Path shared;

    private static Path weights;

    @TempDir
    private Path folder;

    private record Result(int exitCode, String out, String err) {}

    private static Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                TrainerCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Result(command.execute(arguments), out.toString(), err.toString());
    }

    private static void pictures(Path parent, String name, int red, int green, int blue) throws IOException {
        Path ofClass = Files.createDirectories(parent.resolve(name));
        for (int i = 0; i < 15; i++) {
            byte[] samples = new byte[32 * 32 * 3];
            for (int p = 0; p < samples.length; p++) {
                int[] color = {red, green, blue};
                samples[p] = (byte) (color[p % 3] + (p * 31 + i * 17) % 40);
            }
            Files.write(ofClass.resolve(i + ".png"), PngFile.of(new Image(32, 32, Image.Mode.RGB, samples)));
        }
    }

    @BeforeAll
    static void learnTwoColors() throws IOException {
        pictures(shared.resolve("two"), "blue", 20, 40, 200);
        pictures(shared.resolve("two"), "red", 200, 40, 20);
        for (String color : List.of("cyan", "green", "yellow")) {
            pictures(
                    shared.resolve("three"),
                    color,
                    color.equals("yellow") ? 200 : 0,
                    200,
                    color.equals("cyan") ? 200 : 0);
        }
        Path run = shared.resolve("run");
        Result fit = run(
                "fit",
                "--model",
                "resnet8",
                "--data",
                "folder:" + shared.resolve("two"),
                "--epochs",
                "2",
                "--batch-size",
                "8",
                "--device",
                "cpu",
                "--threads",
                "1",
                "--run",
                run.toString());
        assertEquals(0, fit.exitCode, fit.err);
        assertEquals("", fit.err);
        weights = run.resolve(RunFolder.LAST);
    }

    private Result fit(String name, Path from, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "fit",
                "--model",
                "resnet8",
                "--data",
                "folder:" + shared.resolve("three"),
                "--weights",
                from.toString(),
                "--batch-size",
                "8",
                "--device",
                "cpu",
                "--threads",
                "1",
                "--run",
                folder.resolve(name).toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private static Map<String, float[]> values(Path file) throws IOException {
        Map<String, float[]> values = new TreeMap<>();
        Safetensors.read(file).tensors().forEach((name, tensor) -> values.put(name, tensor.floats()));
        return values;
    }

    private Map<String, float[]> last(String name) throws IOException {
        return values(folder.resolve(name).resolve(RunFolder.LAST));
    }

    private JsonObject config(String name) throws IOException {
        return JsonParser.parseString(Files.readString(folder.resolve(name).resolve(RunFolder.CONFIG)))
                .getAsJsonObject();
    }

    @Test
    void theHeadIsFittedFirstAndThenAll() throws IOException {
        Result head = fit("head", weights, "--epochs", "1", "--freeze-backbone", "1");
        assertEquals(0, head.exitCode, head.err);
        assertEquals(weights + ": 46 tensors loaded, fc.weight and fc.bias fresh, for other classes\n", head.err);
        assertTrue(head.out.startsWith("params=" + PARAMETERS + "\n"), head.out);
        Map<String, float[]> before = values(weights);
        Map<String, float[]> frozen = last("head");
        assertEquals(3, frozen.get("fc.bias").length);
        before.forEach((name, values) ->
                assertEquals(!name.startsWith(HEAD), Arrays.equals(values, frozen.get(name)), name + " when frozen"));

        assertEquals(0, fit("all", weights, "--epochs", "2", "--freeze-backbone", "1").exitCode);
        Map<String, float[]> thawed = last("all");
        before.forEach((name, values) -> assertFalse(Arrays.equals(values, thawed.get(name)), name + " when thawed"));
    }

    @Test
    void thePresetIsThatForFineTuningAndTheConfigurationHasItAll() throws Exception {
        assertEquals(0, fit("run", weights, "--epochs", "2", "--lr", "0.004").exitCode);
        JsonObject recipe = config("run").getAsJsonObject("recipe");
        assertEquals("adamw", recipe.get("optimizer").getAsString());
        assertEquals(1, recipe.get("frozenEpochs").getAsInt(), "the last epoch fits the whole network");
        assertEquals(0.0004, recipe.get("backboneLearningRate").getAsDouble(), 1e-12);
        assertEquals(0.1, recipe.get("labelSmoothing").getAsDouble());
        JsonObject recorded = config("run").getAsJsonObject("weights");
        assertEquals(weights.toAbsolutePath().toString(), recorded.get("file").getAsString());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(weights));
        assertEquals(HexFormat.of().formatHex(digest), recorded.get("sha256").getAsString());

        Result course = fit("course", weights, "--preset", "course", "--epochs", "1", "--backbone-lr", "0.03");
        assertEquals(0, course.exitCode, course.err);
        JsonObject other = config("course").getAsJsonObject("recipe");
        assertEquals("sgd-nesterov", other.get("optimizer").getAsString());
        assertEquals(0, other.get("frozenEpochs").getAsInt());
        assertEquals(0.03, other.get("backboneLearningRate").getAsDouble());
    }

    @Test
    void whichEpochsFitTheHeadAloneIsSaid() {
        Result usual = fit("usual", weights, "--epochs", "2");
        assertEquals(0, usual.exitCode, usual.err);
        String choice = "resnet8: 2 epochs of adamw at 0.002 in batches of 8; the head alone ";
        assertEquals(
                choice + "until epoch 1, then the rest too at 0.0002",
                usual.out.lines().toList().get(1));
        Result head = fit("head", weights, "--epochs", "2", "--freeze-backbone", "2");
        assertEquals(0, head.exitCode, head.err);
        assertTrue(head.out.contains("the head alone, in all epochs"), head.out);
    }

    @Test
    void aFitOfTheHeadAloneGoesOn() {
        assertEquals(0, fit("run", weights, "--epochs", "2", "--freeze-backbone", "2").exitCode);
        String run = folder.resolve("run").toString();
        Result resumed = run("fit", "--resume", "--run", run);
        assertEquals(0, resumed.exitCode, resumed.err);
        Result shorter = run("fit", "--resume", "--run", run, "--epochs", "1");
        assertEquals(2, shorter.exitCode, shorter.err);
        assertTrue(shorter.err.contains("expected 2 as the run began with"), shorter.err);
    }

    @Test
    void weightsWithoutANetworkAreAUsageError() {
        Result fit = run("fit", "--weights", weights.toString(), "--data", "folder:" + shared.resolve("three"));
        assertEquals(2, fit.exitCode);
        assertTrue(fit.err.contains("the network that the weights belong to"), fit.err);
    }

    @Test
    void aRunDoesNotNeedTheFileAnyMore() throws IOException {
        Path copy = Files.copy(weights, folder.resolve("copy.safetensors"));
        assertEquals(0, fit("run", copy, "--epochs", "1").exitCode);
        Files.delete(copy);
        String run = folder.resolve("run").toString();
        assertEquals(0, run("eval", run).exitCode);
        assertEquals(0, run("report", run).exitCode);
        assertEquals(0, run("fit", "--resume", "--run", run).exitCode);
        Result other = run("fit", "--resume", "--run", run, "--weights", weights.toString());
        assertEquals(2, other.exitCode);
        assertTrue(other.err.contains("copy.safetensors as the run began with"), other.err);
    }

    @Test
    void batchNormStaysIfThatIsAsked() throws IOException {
        Result fit = fit("run", weights, "--epochs", "1", "--freeze-backbone", "0", "--freeze-batch-norm");
        assertEquals(0, fit.exitCode, fit.err);
        Map<String, float[]> after = last("run");
        values(weights)
                .forEach((name, values) -> assertEquals(
                        name.contains("bn"), Arrays.equals(values, after.get(name)), name + " with frozen batch norm"));
    }

    @Test
    void theSameClassesKeepTheHead() throws IOException {
        Result fit = run(
                "fit",
                "--model",
                "resnet8",
                "--data",
                "folder:" + shared.resolve("two"),
                "--weights",
                weights.toString(),
                "--epochs",
                "1",
                "--freeze-backbone",
                "1",
                "--lr",
                "1e-30",
                "--device",
                "cpu",
                "--threads",
                "1",
                "--run",
                folder.resolve("run").toString());
        assertEquals(0, fit.exitCode, fit.err);
        assertEquals(weights + ": 48 tensors loaded\n", fit.err);
        Map<String, float[]> after = last("run");
        values(weights).forEach((name, values) -> assertArrayEquals(values, after.get(name), name));
    }

    @Test
    void theRangeTestBeginsWithTheWeightsToo() {
        Result test = run(
                "find-lr",
                "--model",
                "resnet8",
                "--data",
                "folder:" + shared.resolve("three"),
                "--weights",
                weights.toString(),
                "--device",
                "cpu",
                "--threads",
                "1",
                "--steps",
                "40",
                "--batch-size",
                "8",
                "--out",
                folder.resolve("page.html").toString());
        assertEquals(0, test.exitCode, test.err);
        assertTrue(test.err.contains("46 tensors loaded"), test.err);
        assertTrue(test.err.contains("tests the whole network, as it is fitted from epoch 3 on"), test.err);
    }

    @Test
    void whatCannotBeLoadedIsOneLineAndNothingIsWritten() throws IOException {
        Path text = Files.writeString(folder.resolve("text.pth"), "no weights");
        Path half = folder.resolve("half.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(half, Arrays.copyOf(bytes, bytes.length / 2));
        refused(folder.resolve("none.pth"), "no such file", "resnet8");
        refused(folder, "a folder", "resnet8");
        refused(text, "neither a safetensors file nor one of PyTorch", "resnet8");
        refused(half, "half.safetensors", "resnet8");
        refused(weights, "choose the model that the weights were made for", "resnet18-cifar");
    }

    private void refused(Path file, String said, String model) {
        Result fit = run(
                "fit",
                "--model",
                model,
                "--data",
                "folder:" + shared.resolve("three"),
                "--weights",
                file.toString(),
                "--run",
                folder.resolve("refused").toString());
        assertEquals(3, fit.exitCode, fit.err);
        assertTrue(fit.err.startsWith("error: " + file), fit.err);
        assertTrue(fit.err.contains(said), fit.err);
        assertEquals(1, fit.err.lines().count(), fit.err);
        assertFalse(Files.exists(folder.resolve("refused")));
    }
}
