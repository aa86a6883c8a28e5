package dev.glint.runtime.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program in a JVM of its own, with the class path of the test, that is killed at random points of its life: every second time
 * at any, else soon after it has first changed something in a folder, if it does, which is the smaller and more dangerous part.
 */
public final class KilledProcess {
    /** How often each command is killed: few times in the usual tests, as often as {@code -Dglint.kills} says. */
    public static final int KILLS = Integer.getInteger("glint.kills", 2);

    private static final int LIFE_MILLIS = 4000;
    private static final int SOON_MILLIS = 150;
    private static final int SHORTEST_SHARE = 8;
    private static final int TRIES = 5;
    private static final int PATIENCE_SECONDS = 300;

    private final Random random = new Random(1);
    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final int soonMillis;
    private final long shortestMillis;
    private long lifeMillis;
    private int killed;
    private int changing;
    private int ended;
    private String last = "";

    /** A Java program. Starts nothing yet. */
    public KilledProcess(Class<?> program, Object... arguments) {
        this(arguments[0].toString(), java(program, arguments), Map.of(), LIFE_MILLIS, SOON_MILLIS);
    }

    /**
     * Any program. Starts nothing yet.
     *
     * @param name what to call it
     * @param environment added to that of the test
     * @param lifeMillis how long it may live, to begin with
     * @param soonMillis it is killed within this time after it has first changed something
     */
    public KilledProcess(
            String name, List<String> command, Map<String, String> environment, long lifeMillis, int soonMillis) {
        this.name = name;
        this.command = command;
        this.environment = environment;
        this.lifeMillis = lifeMillis;
        this.soonMillis = soonMillis;
        this.shortestMillis = lifeMillis / SHORTEST_SHARE;
    }

    private static List<String> java(Class<?> program, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    /** What makes the place ready for the program. */
    @FunctionalInterface
    public interface Preparation {
        /** Done before each start. */
        void prepare() throws IOException;
    }

    /** Starts the program and kills it. If it comes to its end before, it is known how long it lives, and started again. */
    public void killWhile(Path folder, int turn) throws IOException, InterruptedException {
        killWhile(folder, turn, () -> {});
    }

    /** The same for a program that must find the place as it was when it is started again. */
    public void killWhile(Path folder, int turn, Preparation preparation) throws IOException, InterruptedException {
        for (int tries = 0; tries < TRIES; tries++) {
            preparation.prepare();
            if (kill(folder, turn)) {
                return;
            }
        }
    }

    private boolean kill(Path folder, int turn) throws IOException, InterruptedException {
        boolean anywhere = turn % 2 == 0;
        String before = state(folder);
        Process process = start();
        long start = System.nanoTime();
        long wait = anywhere ? random.nextLong(lifeMillis) : random.nextInt(soonMillis);
        if (!anywhere) {
            long patience = start + 1_000_000 * lifeMillis;
            while (process.isAlive() && state(folder).equals(before) && System.nanoTime() < patience) {
                process.waitFor(1, TimeUnit.MILLISECONDS);
            }
        }
        boolean over = process.waitFor(wait, TimeUnit.MILLISECONDS);
        changing += !over && !state(folder).equals(before) ? 1 : 0;
        process.destroyForcibly().waitFor();
        last = "killed after " + (System.nanoTime() - start) / 1_000_000 + " ms";
        if (over) {
            ended++;
            lifeMillis = Math.max(shortestMillis, (System.nanoTime() - start) / 1_000_000);
        } else {
            killed++;
        }
        return !over;
    }

    /** Gives the command once more, and nobody disturbs it. */
    public void runToItsEnd() throws IOException, InterruptedException {
        Path output = Files.createTempFile("killed", ".txt");
        Process process = builder()
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(
                    process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS),
                    () -> this + ", then without end: " + text(output));
            assertEquals(0, process.exitValue(), () -> this + ", then: " + text(output));
        } finally {
            process.destroyForcibly().waitFor();
            Files.delete(output);
        }
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder;
    }

    private Process start() throws IOException {
        return builder()
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names and sizes of what is in a folder just now. */
    private static String state(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file + " " + file.toFile().length())
                    .sorted()
                    .toList()
                    .toString();
        } catch (IOException | UncheckedIOException e) {
            return "changing";
        }
    }

    /** What became of all turns. */
    public String summary() {
        return name + ": killed " + killed + " times, " + changing + " of them after it had changed files; " + ended
                + " times it ended before";
    }

    @Override
    public String toString() {
        return name + " " + last;
    }
}
