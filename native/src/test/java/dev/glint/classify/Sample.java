package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/**
 * Programs of {@code edge-samples} as processes, which find {@code bin/classify} on the JVM.
 *
 * @param folder their home, and a place for what they print
 */
record Sample(Path folder) {
    /** The program. */
    static final Path CLASSIFY = SharedData.projectRoot().resolve("bin/classify");

    private static final int PATIENCE_SECONDS = 120;

    /** A file of the samples. */
    static String file(String name) {
        return SharedData.projectRoot().resolve("edge-samples").resolve(name).toString();
    }

    /** A process that is not started yet; what it prints goes into files. */
    ProcessBuilder process(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("GLINT_JVM", "1");
        builder.environment().put("CLASSIFY", CLASSIFY.toString());
        builder.environment().putAll(environment);
        return builder;
    }

    /** Runs one to its end. */
    Run run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Process process = process(environment, List.of(command)).start();
        process.getOutputStream().close();
        try {
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Run(
                process.exitValue(), Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }

    /** systemd takes a unit and what is dropped into it; the calling test is skipped where there is no systemd. */
    void assertUnderstood(String name, String unit, String dropIn) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve(name), unit);
        Path more = Files.createDirectory(folder.resolve(name + ".d"));
        Files.writeString(more.resolve("more.conf"), dropIn);
        Run verified;
        try {
            verified = run(Map.of(), "systemd-analyze", "verify", "--man=no", file.toString());
        } catch (IOException e) {
            throw new TestAbortedException("needs systemd-analyze", e);
        }
        assertEquals("", verified.err());
        assertEquals(0, verified.exitCode());
    }
}
