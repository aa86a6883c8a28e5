package dev.glint.classify.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.console.machine.MachineState;
import dev.glint.runtime.evaluate.LatencyMeasurement.ColdStart;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * What a process of its own pays for one model and one picture. Peak memory can only be measured so: a process never
 * forgets what its earlier models needed.
 *
 * @param start session creation and first inference
 * @param processNanos the whole process, from its start to its end, as its parent sees it
 * @param peakResidentBytes the most memory the process had resident at any time (Linux's {@code VmHWM}), the program
 *     itself included; empty on systems that do not say
 */
record ColdProcess(ColdStart start, long processNanos, OptionalLong peakResidentBytes) {
    /** Higher exit codes are 128 and the signal that ended the process, mostly for memory. */
    private static final int SIGNALS = 128;

    /** The figures of this process, which has just classified its one picture and does not know when it began. */
    static ColdProcess ofThisProcess(ColdStart start) {
        return new ColdProcess(start, 0, MachineState.peakResidentBytes());
    }

    /**
     * Runs a command several times and takes the medians.
     *
     * @param command one that prints what {@link #toJson} gives
     */
    static ColdProcess median(int processes, List<String> command) throws IOException {
        List<ColdProcess> all = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            all.add(run(command));
        }
        return new ColdProcess(
                new ColdStart(
                        median(all, p -> p.start.sessionCreationNanos()),
                        median(all, p -> p.start.firstInferenceNanos())),
                median(all, ColdProcess::processNanos),
                all.stream().allMatch(p -> p.peakResidentBytes.isPresent())
                        ? OptionalLong.of(median(all, p -> p.peakResidentBytes.getAsLong()))
                        : OptionalLong.empty());
    }

    private static long median(List<ColdProcess> processes, ToLongFunction<ColdProcess> figure) {
        long[] sorted = processes.stream().mapToLong(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static ColdProcess run(List<String> command) throws IOException {
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        String json = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // One line, which fits into the pipe.
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            int exitCode = process.waitFor();
            if (exitCode != 0) {
                throw failure(exitCode, said);
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return fromJson(json, System.nanoTime() - begun);
    }

    /** The failure of such a process is that of the command: same reason, and its line. */
    private static RuntimeException failure(int exitCode, String said) {
        Reason reason = Arrays.stream(Reason.values())
                .filter(r -> r.exitCode() == exitCode)
                .findFirst()
                .orElse(exitCode > SIGNALS ? Reason.LIMIT : null);
        String found = "a fresh process that ended with exit code " + exitCode
                + (said.isEmpty() ? "" : " (" + said.replaceFirst("^error: ", "") + ")");
        return reason == null
                ? new IllegalStateException(found)
                : GlintException.failure(
                        reason,
                        found,
                        "its figures",
                        "see that the picture and the model stay as they are, and try again");
    }

    /** On one line. */
    String toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("sessionCreationNanos", start.sessionCreationNanos());
        json.addProperty("firstInferenceNanos", start.firstInferenceNanos());
        peakResidentBytes.ifPresent(bytes -> json.addProperty("peakResidentBytes", bytes));
        return json.toString();
    }

    private static ColdProcess fromJson(String text, long processNanos) {
        JsonObject json = JsonParser.parseString(text).getAsJsonObject();
        return new ColdProcess(
                new ColdStart(
                        json.get("sessionCreationNanos").getAsLong(),
                        json.get("firstInferenceNanos").getAsLong()),
                processNanos,
                json.has("peakResidentBytes")
                        ? OptionalLong.of(json.get("peakResidentBytes").getAsLong())
                        : OptionalLong.empty());
    }
}
