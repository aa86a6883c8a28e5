package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.NativeLibrary;
import dev.glint.trainer.Trainer;
import dev.glint.trainer.run.RunFolder;
import dev.glint.trainer.weights.safetensors.Safetensors;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs signals")
class InterruptionTest {
    @TempDir
    Path folder;

    /** SIGTERM, since SIGINT is ignored by what a shell runs in the background; the process ends the same way. */
    @Test
    @Timeout(120)
    void aFitThatIsToldToEndKeepsTheEpochsThatAreDone() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        Path err = folder.resolve("err");
        Process process = java(Trainer.class, "fit", "--epochs", "1000000", "--device", "cpu", "--run", run.toString())
                .redirectError(err.toFile())
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            while (line != null && !line.startsWith("epoch 2/")) {
                line = out.readLine();
            }
            process.destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
        } finally {
            process.destroyForcibly();
        }
        assertEquals(143, process.exitValue(), Files.readString(err));
        List<String> lines = Files.readAllLines(err);
        assertTrue(lines.get(0).startsWith("interrupted: waiting for "), Files.readString(err));
        assertEquals(
                "interrupted; the epochs that were finished are kept; go on with trainer fit --resume --run " + run
                        + ", or look at them with trainer report " + run,
                lines.get(1));
        try (Stream<Path> files = Files.list(run)) {
            assertEquals(
                    List.of(
                            ".lock",
                            "best.safetensors",
                            "config.json",
                            "contract.json",
                            "last.safetensors",
                            "metrics.jsonl",
                            "state.safetensors"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        int epochs = Files.readAllLines(run.resolve(RunFolder.METRICS)).size();
        assertTrue(epochs >= 2);
        for (String file : List.of(RunFolder.LAST, RunFolder.STATE)) {
            assertEquals(
                    Integer.toString(epochs),
                    Safetensors.read(run.resolve(file)).metadata().get("epoch"),
                    file);
        }
        RunFolder.open(run);
    }

    /** Work that never ends, in a process that would crash if its libraries cleaned up, as libtorch does at work. */
    static final class EndlessWork {
        private EndlessWork() {}

        public static void main(String[] arguments) throws InterruptedException {
            NativeLibrary process = NativeLibrary.getProcess();
            process.getFunction("__cxa_atexit").invokeInt(new Object[] {process.getFunction("abort"), null, null});
            try (Interruption interruption = new Interruption()) {
                interruption.stepping();
                System.out.println("at work");
                new CountDownLatch(1).await();
            }
        }
    }

    @Test
    @Timeout(120)
    void workThatDoesNotEndIsLeftWithoutACrash() throws IOException, InterruptedException {
        Path err = folder.resolve("err");
        Process process = java(EndlessWork.class).redirectError(err.toFile()).start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("at work", out.readLine());
            process.destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
        } finally {
            process.destroyForcibly();
        }
        assertEquals(Interruption.EXIT_CODE, process.exitValue(), Files.readString(err));
        assertEquals(
                List.of(
                        "interrupted: waiting for what is being done, 5 seconds at most",
                        "interrupted in the middle; nothing was kept"),
                Files.readAllLines(err));
    }

    private static ProcessBuilder java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
