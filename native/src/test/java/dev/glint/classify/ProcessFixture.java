package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Runs {@code classify} as a process of its own. Nothing may be left in its home or its temporary folder. Each test has folders of its
 * own, so several run at once.
 */
@Execution(ExecutionMode.CONCURRENT)
abstract class ProcessFixture extends ClassifyContract {
    @TempDir
    private Path home;

    @TempDir
    Path temporary;

    @TempDir
    Path streams;

    /** A command line that is the program, to which its arguments are added. */
    abstract List<String> program(Path temporaryFolder);

    /** Variables that the program needs beside those of the test. */
    abstract Map<String, String> environment(Path temporaryFolder);

    /** After which a process hangs. */
    int timeoutSeconds() {
        return 60;
    }

    /** What this process printed and what the program printed, from the same pictures: the same bytes, unless it is stated. */
    void assertSameResults(String here, String there) {
        assertEquals(here, there);
    }

    @Override
    final Run run(Map<String, String> environment, byte[] in, String... args) throws IOException {
        List<String> command = new ArrayList<>(program(temporary));
        Collections.addAll(command, args);
        return run(environment, in, command);
    }

    final Run run(Map<String, String> environment, byte[] in, List<String> command) throws IOException {
        Process process = builder(environment, command).start();
        try (OutputStream pipe = process.getOutputStream()) {
            pipe.write(in);
        }
        return finish(process);
    }

    final ProcessBuilder builder(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(streams.resolve("out").toFile())
                .redirectError(streams.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("HOME", home.toString());
        builder.environment().put("TMPDIR", temporary.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment(temporary));
        builder.environment().putAll(environment);
        return builder;
    }

    final Run finish(Process process) throws IOException {
        try {
            assertTrue(process.waitFor(timeoutSeconds(), TimeUnit.SECONDS), "still running");
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
        return new Run(
                process.exitValue(),
                Files.readString(streams.resolve("out")),
                Files.readString(streams.resolve("err")));
    }

    @AfterEach
    final void nothingIsLeftBehind() throws IOException {
        for (Path place : List.of(home, temporary)) {
            try (Stream<Path> left = Files.list(place)) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

    /** What the process that was started last has printed so far. */
    final String output() throws IOException {
        return Files.readString(streams.resolve("out"));
    }

    final void awaitOutput(String text, Process process) throws IOException, InterruptedException {
        for (int tries = 0; tries < 100 * timeoutSeconds() && process.isAlive(); tries++) {
            if (output().contains(text)) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("no " + text + " in " + output() + " " + Files.readString(streams.resolve("err")));
    }
}
