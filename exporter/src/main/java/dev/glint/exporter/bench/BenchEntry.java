package dev.glint.exporter.bench;

import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Latency;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What was measured of one variant, in one engine, with so many threads.
 *
 * @param variant the file's name
 * @param engine the engine's name
 * @param threads for one picture
 * @param bytes of the file
 * @param accuracy on a test set; empty if nobody measured it
 * @param latency from the tensor to the logits, warm
 * @param firstInferenceNanos the first of a session
 * @param sessionCreationNanos from the file to a classifier that is ready
 * @param processNanos a whole process for one picture; empty where that was not measured
 * @param peakResidentBytes the most memory of such a process; empty where that was not measured
 * @param microjoulesPerPicture energy of the processor package; empty where the machine does not tell
 */
public record BenchEntry(
        String variant,
        String engine,
        int threads,
        long bytes,
        Optional<Accuracy> accuracy,
        Latency latency,
        long firstInferenceNanos,
        long sessionCreationNanos,
        OptionalLong processNanos,
        OptionalLong peakResidentBytes,
        OptionalDouble microjoulesPerPicture) {

    /** One after the other, at the median. */
    public double picturesPerSecond() {
        return 1e9 / Math.max(1, latency.p50Nanos());
    }

    /** What tells it from the other entries of a machine. */
    String name(boolean severalEngines, boolean severalThreads) {
        String name = variant.endsWith(".onnx") ? variant.substring(0, variant.length() - 5) : variant;
        return name + (severalEngines ? " " + engine : "") + (severalThreads ? " x" + threads : "");
    }
}
