package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.testing.ModelMaker;
import dev.glint.runtime.testing.WatchedCommand;
import dev.glint.runtime.testing.WatchedCommand.SocketRule;
import dev.glint.runtime.trust.KeyCurve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code trainer} and {@code exporter} from a fit to a signed model, in a network that leads nowhere, and what they ask the system for: no
 * connection, nothing written but into runs, models, one temporary folder and the cache of DJL. Needs root and strace.
 */
@Tag("root")
class QuietCommandsTest {
    @TempDir
    private Path folder;

    private WatchedCommand watched = new WatchedCommand(List.of(), List.of(), SocketRule.JDK);

    private void assertQuiet(String main, String... words) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "-cp",
                classPath,
                main));
        command.addAll(List.of(words));
        Map<String, String> environment = Map.of("HOME", System.getProperty("user.home"), "OMP_WAIT_POLICY", "passive");
        assertEquals(List.of(), watched.run(folder, environment, command), () -> String.join(" ", words));
    }

    @Test
    void fromAFitToASignedModel() throws IOException {
        WatchedCommand.assumePossible(QuietCommandsTest.class);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        // Where DJL unpacks libtorch, once.
        List<Path> caches = List.of(Path.of(System.getProperty("user.home")).resolve(".djl.ai"));
        watched = new WatchedCommand(WatchedCommand.java(classPath), caches, SocketRule.JDK);
        Files.createDirectory(folder.resolve("tmp"));
        Path key = Files.writeString(folder.resolve("sign.key"), new ModelMaker(KeyCurve.P256).privatePem());
        String trainer = "dev.glint.trainer.Trainer";
        String exporter = "dev.glint.exporter.Exporter";
        String run = folder.resolve("run").toString();
        String model = folder.resolve("model").toString();

        assertQuiet(trainer, words("fit --model bar-cnn --data bars --epochs 1 --limit 200 --run", run));
        assertQuiet(trainer, "eval", run);
        assertQuiet(trainer, "report", run);
        assertQuiet(trainer, words("data bars --limit 20 --out", folder.resolve("pictures")));
        assertQuiet(
                trainer,
                words("find-lr --model bar-cnn --data bars --limit 200 --out", folder.resolve("find-lr.html")));
        assertQuiet(trainer, words("baseline hog-svm --data bars --limit 100 --run", folder.resolve("hog")));
        assertQuiet(exporter, "export", run, "--out", model);
        assertQuiet(exporter, "quantize", model, "--calibration", run);
        assertQuiet(exporter, "verify", model);
        assertQuiet(exporter, "golden", model);
        assertQuiet(exporter, "drift", model, "--data", run);
        assertQuiet(exporter, "inspect", model);
        assertQuiet(exporter, "bench", model, "--out", folder.resolve("bench").toString());
        assertQuiet(exporter, "sign", "--key", key.toString(), model);
        Path binary = Files.copy(Path.of("/bin/true"), folder.resolve("classify"));
        assertQuiet(
                exporter,
                words("bundle --onnxruntime never --binary", binary, model, "--out", folder.resolve("bundle")));
        String contract = folder.resolve("run/contract.json").toString();
        assertQuiet(
                exporter,
                words("import", model + "/fp32.onnx", "--contract", contract, "--out", folder.resolve("imported")));
    }

    private static String[] words(String first, Object... others) {
        List<String> words = new ArrayList<>(List.of(first.split(" ")));
        for (Object other : others) {
            words.add(other.toString());
        }
        return words.toArray(new String[0]);
    }
}
