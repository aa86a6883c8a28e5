package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** {@code trainer report}, {@code find-lr} and {@code baseline} as a person meets them. */
final class LookingCommandsTest {
    @TempDir
    private Path folder;

    private record Result(int exitCode, String out, String err) {}

    private static Result run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                TrainerCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode =
                command.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        return new Result(exitCode, out.toString(), err.toString());
    }

    private static Stream<List<String>> usageErrors() {
        return Stream.of(
                List.of("report"),
                List.of("baseline", "hog-svm"),
                List.of("baseline", "xgboost", "--data", "bars"),
                List.of("baseline", "hog-svm", "--data", "imagenet"),
                List.of("baseline", "hog-svm", "--data", "bars", "--c", "0"),
                List.of("baseline", "hog-svm", "--data", "bars", "--size", "15"),
                List.of("baseline", "hog-svm", "--data", "bars", "--epochs", "3"),
                List.of("baseline", "hog-svm", "--data", "bars", "--threads", "2"),
                List.of("baseline", "hog-svm", "--data", "bars", "--augment", "flip"),
                List.of("baseline", "mlp", "--data", "bars", "--c", "1"),
                List.of("baseline", "mlp", "--data", "bars", "--validation", "1"),
                List.of("data", "bars", "--out", "x", "--split", "validation"),
                List.of("baseline", "hog-svm", "--data", "bars", "--limit", "0"),
                List.of("baseline", "mlp", "--data", "bars", "--epochs", "0"),
                List.of("find-lr", "--model", "small-vgg"),
                List.of("find-lr", "--from", "0"),
                List.of("find-lr", "--from", "2", "--to", "1"),
                List.of("find-lr", "--to", "Infinity"),
                List.of("find-lr", "--steps", "9"));
    }

    @ParameterizedTest
    @MethodSource("usageErrors")
    void whatMakesNoSenseIsSaidInOneLine(List<String> arguments) {
        Result result = run(arguments.toArray());
        assertEquals(2, result.exitCode(), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("error: "), result.err());
        assertEquals("", result.out());
    }

    @Test
    void aFitWritesItsReportAndReportWritesItAgain() throws IOException {
        Path runs = folder.resolve("runs");
        Path bars = runs.resolve("bars");
        assertEquals(0, run("fit", "--epochs", 1, "--limit", 100, "--run", bars).exitCode());
        Path report = bars.resolve("report.html");
        String atEnd = Files.readString(report);
        assertFalse(atEnd.contains("hog-svm"));

        Result baseline = run(
                "baseline", "hog-svm", "--data", "bars", "--limit", 100, "--json", "--run", runs.resolve("hog-svm"));
        assertEquals(0, baseline.exitCode(), baseline.err());
        JsonObject json = JsonParser.parseString(baseline.out()).getAsJsonObject();
        assertEquals("glint.trainer.baseline/1", json.get("schema").getAsString());
        assertEquals(100, json.get("heldOutPictures").getAsInt());

        Result again = run("report", bars, "--json");
        assertEquals(0, again.exitCode(), again.err());
        json = JsonParser.parseString(again.out()).getAsJsonObject();
        assertEquals("glint.trainer.report/1", json.get("schema").getAsString());
        assertEquals(report.toString(), json.get("report").getAsString());
        assertTrue(Files.readString(report).contains("hog-svm"));
    }

    /** A person who finds a report can make the run again, whatever is usual by then. */
    @Test
    void theCommandInAReportRepeatsTheRun() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("it's the same");
        Result fitted = run(
                "fit",
                "--epochs",
                2,
                "--limit",
                64,
                "--seed",
                7,
                "--lr",
                0.01,
                "--schedule",
                "step=0.2:0.5",
                "--warmup",
                0.5,
                "--label-smoothing",
                0.1,
                "--augment",
                "crop=2,flip=0.25",
                "--class-weights",
                "--no-decay-all",
                "--test-flip",
                "--whitening",
                "--validation",
                0.25,
                "--batch-size",
                16,
                "--run",
                first);
        assertEquals(0, fitted.exitCode(), fitted.err());
        Matcher command = Pattern.compile("<pre class=\"command\">trainer (fit [^<']+)</pre>")
                .matcher(Files.readString(first.resolve("report.html")));
        assertTrue(command.find());
        List<Object> words = new ArrayList<>(List.of(command.group(1).split(" ")));
        words.addAll(List.of("--run", second));
        Result repeated = run(words.toArray());
        assertEquals(0, repeated.exitCode(), repeated.err());
        for (String file : List.of("config.json", "best.safetensors", "last.safetensors")) {
            assertArrayEquals(Files.readAllBytes(first.resolve(file)), Files.readAllBytes(second.resolve(file)), file);
        }
    }

    @Test
    void aFolderThatIsNoRunIsNamed() {
        Result result = run("report", folder);
        assertEquals(3, result.exitCode());
        assertTrue(result.err().contains(folder.toString()), result.err());
    }

    @Test
    void aBaselineIsReplacedOnlyIfAsked() throws IOException {
        Files.writeString(folder.resolve("baseline.json"), "{}");
        Result result = run("baseline", "hog-svm", "--data", "bars", "--run", folder);
        assertEquals(3, result.exitCode());
        assertTrue(result.err().contains("--force"), result.err());
        assertEquals("{}", Files.readString(folder.resolve("baseline.json")));
    }

    @Test
    void findLrSuggestsAndPlots() throws IOException {
        Path plot = folder.resolve("plot.html");
        Result result = run("find-lr", "--limit", 320, "--steps", 20, "--to", "1", "--json", "--out", plot);
        assertEquals(0, result.exitCode(), result.err());
        JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
        assertEquals("glint.trainer.find-lr/1", json.get("schema").getAsString());
        double suggested = json.get("suggestedLearningRate").getAsDouble();
        assertTrue(suggested > 1e-5 && suggested < 1, "suggested " + suggested);
        assertTrue(Files.readString(plot).contains("Suggested highest learning rate"));
    }
}
