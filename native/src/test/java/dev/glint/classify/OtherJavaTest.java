package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The other releases of Java on this machine, in {@code /usr/lib/jvm}, make the same bytes of the pictures of {@code shared/data} as
 * this one, with each engine; see {@link ClassifyProcessContract} for the native binaries.
 */
class OtherJavaTest {
    private static final Path INSTALLED = Path.of("/usr/lib/jvm");
    private static final int OLDEST = 17;
    private static final int PATIENCE_SECONDS = 300;

    @TempDir
    private Path folder;

    /** A home of each release, but for this one. */
    private static Map<Integer, Path> others() throws IOException {
        Map<Integer, Path> homes = new TreeMap<>();
        if (Files.isDirectory(INSTALLED)) {
            try (Stream<Path> candidates = Files.list(INSTALLED)) {
                for (Path home : candidates.sorted().toList()) {
                    int release = release(home);
                    if (release >= OLDEST && release != Runtime.version().feature()) {
                        homes.put(release, home);
                    }
                }
            }
        }
        return homes;
    }

    private static int release(Path home) throws IOException {
        Path said = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(said)) {
            return 0;
        }
        return Files.readAllLines(said).stream()
                .filter(line -> line.startsWith("JAVA_VERSION=\""))
                .map(line -> line.replaceAll("^[^\"]*\"(\\d+).*", "$1"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(0);
    }

    @Test
    void otherReleasesOfJavaGiveTheSameBytes() throws IOException, InterruptedException {
        Map<Integer, Path> others = others();
        Assumptions.assumeFalse(others.isEmpty(), "needs another release of Java in " + INSTALLED);
        String pictures = SharedData.require("pictures").toString();
        String suite = SharedData.require("pictures/pngsuite").toString();
        String digits = SharedData.require("onnx/pictures").toString();
        String model = TinyModel.write(folder.resolve("tiny.onnx")).toString();

        List<String[]> commands = List.of(
                new String[] {"decode", "--json", pictures, digits},
                new String[] {"--json", "--engine", "ort", "--model", model, suite, digits},
                new String[] {"--json", "--engine", "glint", "--model", model, suite, digits});
        for (String[] command : commands) {
            Run here = ClassifyTest.inThisProcess(Map.of(), new byte[0], command);
            assertTrue(here.out().length() > 10_000, here.err());
            for (Map.Entry<Integer, Path> other : others.entrySet()) {
                Run there = run(other.getValue(), command);
                String what = "Java " + other.getKey() + ", " + String.join(" ", command);
                assertEquals(here.err(), there.err(), what);
                assertEquals(here.out(), there.out(), what);
                assertEquals(here.exitCode(), there.exitCode(), what);
            }
        }
    }

    private Run run(Path home, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                home.resolve("bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Donnxruntime.native.path=" + System.getProperty("onnxruntime.native.path"),
                "-cp",
                System.getProperty("java.class.path"),
                Classify.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        try {
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
        } finally {
            process.destroyForcibly();
        }
        return new Run(
                process.exitValue(), Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }
}
