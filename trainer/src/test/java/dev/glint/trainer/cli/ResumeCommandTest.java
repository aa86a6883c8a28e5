package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.trainer.Trainer;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.run.FitJob;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.run.RunFolder;
import dev.glint.trainer.weights.safetensors.Safetensors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code trainer fit --resume}. */
class ResumeCommandTest {
    private static final List<String> OPTIONS =
            List.of("--epochs", "3", "--limit", "64", "--seed", "5", "--ema", "0.9", "--batch-size", "16");

    @TempDir
    Path folder;

    private Path whole = Path.of("");
    private Path run = Path.of("");
    private String out = "";
    private String err = "";

    @BeforeEach
    void fit() {
        whole = folder.resolve("whole");
        run = folder.resolve("run");
        assertEquals(0, run(whole, OPTIONS), err);
    }

    private int run(Path where, List<String> options, String... more) {
        List<String> arguments = new ArrayList<>(List.of("fit", "--run", where.toString()));
        arguments.addAll(options);
        arguments.addAll(List.of(more));
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        CommandLine command =
                TrainerCommand.commandLine().setOut(new PrintWriter(outText)).setErr(new PrintWriter(errText));
        int exitCode = command.execute(arguments.toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return exitCode;
    }

    /** The same run, ended after its first epoch. */
    private void endEarly(RunConfig config) {
        assertThrows(
                IllegalStateException.class,
                () -> FitJob.run(run, false, config, new FitJob.Listener() {
                    @Override
                    public void epochDone(EpochMetrics epoch, boolean best) {
                        throw new IllegalStateException();
                    }
                }));
    }

    private void assertEndedAlike() throws IOException {
        for (String file : List.of(RunFolder.BEST, RunFolder.LAST, RunFolder.CONFIG, RunFolder.CONTRACT)) {
            assertArrayEquals(Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(run.resolve(file)), file);
        }
        assertTrue(Files.exists(run.resolve(RunFolder.REPORT)));
    }

    @Test
    void resumeAloneGoesOn() throws IOException {
        endEarly(RunFolder.open(whole).config());
        assertEquals(0, run(run, List.of("--resume")), err);
        List<String> lines = out.lines().toList();
        assertEquals("going on after epoch 1 of 3", lines.get(0));
        assertEquals("params=1538", lines.get(1));
        assertTrue(lines.get(2).startsWith("epoch 2/3  loss "), out);
        assertTrue(lines.get(4).startsWith("best epoch "), out);
        assertEquals("", err);
        assertEndedAlike();
    }

    @Test
    void soDoesTheSameCommandWithResume() throws IOException {
        endEarly(RunFolder.open(whole).config());
        assertEquals(0, run(run, OPTIONS, "--resume", "--json"), err);
        JsonObject json = JsonParser.parseString(out).getAsJsonObject();
        assertEquals(1_538, json.get("params").getAsInt());
        assertEquals(3, json.getAsJsonArray("epochs").size(), "those before are told too");
        assertTrue(json.has("bestEpoch"));
        assertTrue(err.startsWith("going on after epoch 1 of 3\n"), err);
        assertEndedAlike();
    }

    @Test
    void whereNothingIsThereYetTheSameCommandBegins() throws IOException {
        assertEquals(3, run(run, List.of("--resume")));
        assertTrue(err.startsWith("error: " + run + ": found no such folder"), err);
        assertFalse(Files.exists(run));
        assertEquals(0, run(run, OPTIONS, "--resume"), err);
        assertEndedAlike();
    }

    @Test
    void aFinishedRunSaysSo() throws IOException {
        Map<String, byte[]> before = Map.of(
                RunFolder.STATE, Files.readAllBytes(whole.resolve(RunFolder.STATE)),
                RunFolder.METRICS, Files.readAllBytes(whole.resolve(RunFolder.METRICS)));
        Files.writeString(whole.resolve(RunFolder.REPORT), "kept");
        assertEquals(0, run(whole, List.of("--resume")), err);
        assertTrue(out.startsWith("all 3 epochs are done already\nbest epoch "), out);
        for (Map.Entry<String, byte[]> file : before.entrySet()) {
            assertArrayEquals(file.getValue(), Files.readAllBytes(whole.resolve(file.getKey())));
        }
        assertEquals("kept", Files.readString(whole.resolve(RunFolder.REPORT)));
        Files.delete(whole.resolve(RunFolder.REPORT));
        assertEquals(0, run(whole, List.of("--resume", "--json")), err);
        assertEquals(
                3,
                JsonParser.parseString(out)
                        .getAsJsonObject()
                        .getAsJsonArray("epochs")
                        .size());
        assertTrue(Files.exists(whole.resolve(RunFolder.REPORT)), "a killed process may have left it out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--epochs 4: epochs 4, expected 3",
                "--lr 0.01: learningRate 0.01, expected 0.003",
                "--seed 6: seed 6, expected 5",
                "--limit 65: limit 65, expected 64",
                "--threads 3: threads 3, expected 1",
                "--model mlp: model mlp, expected bar-cnn",
                "--ema 0.99: averageDecay 0.99, expected 0.9",
                "--optimizer adamw: optimizer adamw, expected adam",
                "--preset course: epochs 5, expected 3",
                "--class-weights: classWeights true, expected false",
                "--size 20: size 20, expected none",
                "--augment flip: augmentations flip=0.5, expected none",
            })
    void anOptionThatDiffersIsRefused(String example) throws IOException {
        byte[] state = Files.readAllBytes(whole.resolve(RunFolder.STATE));
        String[] parts = example.split(": ");
        assertEquals(2, run(whole, List.of(parts[0].split(" ")), "--resume"), out);
        assertTrue(err.startsWith("error: " + whole + ": found " + parts[1] + " as the run began with"), err);
        assertEquals(1, err.lines().count());
        assertArrayEquals(state, Files.readAllBytes(whole.resolve(RunFolder.STATE)));
    }

    @Test
    void resumeAndForceContradictEachOther() {
        assertEquals(2, run(whole, List.of("--resume", "--force")));
        assertTrue(err.contains("--force"), err);
    }

    @Test
    void aRunThatIsThereIsOfferedBothWays() {
        assertEquals(3, run(whole, OPTIONS));
        assertTrue(err.contains("--resume") && err.contains("--force"), err);
    }

    @Test
    void aBrokenCheckpointIsOneLine() throws IOException {
        Path state = whole.resolve(RunFolder.STATE);
        Files.write(state, Arrays.copyOf(Files.readAllBytes(state), 1_000));
        assertEquals(3, run(whole, List.of("--resume")));
        assertTrue(err.startsWith("error: " + state + ": found a broken checkpoint"), err);
        assertEquals(1, err.lines().count());
    }

    @Test
    void otherVersionsAreNoted() throws IOException {
        RunConfig config = RunFolder.open(whole).config();
        endEarly(config.withVersions(Map.of("pytorch", "1.0")));
        assertEquals(0, run(run, List.of("--resume")), err);
        assertTrue(err.startsWith("the run began with {pytorch=1.0} and goes on with "), err);
        assertEquals(1, err.lines().count(), err);
    }

    @Test
    void aRunOfAGpuThatIsGoneGoesOnElsewhereIfThatIsAskedFor() throws IOException {
        endEarly(RunFolder.open(whole).config());
        Path state = run.resolve(RunFolder.STATE);
        Safetensors stored = Safetensors.read(state);
        Map<String, String> notes = new LinkedHashMap<>(stored.metadata());
        notes.replaceAll((name, text) -> text.replace("\"device\": \"cpu\"", "\"device\": \"gpu:99\""));
        new Safetensors(stored.tensors(), notes).write(state);
        assertEquals(2, run(run, List.of("--resume")), out);
        assertTrue(err.contains("found no usable GPU (") && err.contains("expected gpu:99"), err);
        assertEquals(0, run(run, List.of("--resume", "--device", "cpu")), err);
        assertTrue(err.startsWith("the run began with the device gpu:99 and goes on with cpu; "), err);
        assertEquals(1, err.lines().count(), err);
        assertEndedAlike();
    }

    /** A real end without a farewell; trainer/src/test/scripts/kill-test does it at 100 points. */
    @Test
    @Timeout(120)
    void aKilledProcessGoesOn() throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                Trainer.class.getName(),
                "fit",
                "--run",
                run.toString()));
        command.addAll(OPTIONS);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null && !line.startsWith("epoch 1/")) {
                line = lines.readLine();
            }
            process.destroyForcibly();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        }
        assertEquals(0, run(run, OPTIONS, "--resume"), err);
        assertEndedAlike();
    }
}
