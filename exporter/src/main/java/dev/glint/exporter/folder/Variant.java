package dev.glint.exporter.folder;

import dev.glint.exporter.verify.Agreement;
import dev.glint.exporter.verify.IntegerCoverage;
import dev.glint.onnx.quantize.Decisions;
import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.file.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One model file of a folder and what is known of it.
 *
 * @param file its name in the folder
 * @param sha256 of its bytes, in hexadecimal
 * @param sizeBytes its size
 * @param quantization how it was made smaller; empty for floats
 * @param tested how accurate it is; empty if nobody knows
 * @param agreement with fp32 on pictures without labels; empty for floats, and if nobody knows
 * @param latency of one picture on the host, one thread
 */
public record Variant(
        String file,
        String sha256,
        long sizeBytes,
        Optional<Quantization> quantization,
        Optional<Tested> tested,
        Optional<Agreement> agreement,
        Latency latency) {
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*\\.onnx");

    public Variant {
        if (!FILE.matcher(file).matches() || sizeBytes < 0) {
            throw new IllegalArgumentException("variant file " + file + " of " + sizeBytes + " bytes");
        }
    }

    /**
     * How a model was quantised.
     *
     * @param scheme the format, such as {@code qdq-u8-s8-per-channel}
     * @param calibration how ranges were found, such as {@code minmax}
     * @param source where the calibration pictures came from
     * @param pictures how many there were
     * @param seed what chose them
     * @param head what became of the layers at the end, {@code float} or {@code integer}
     * @param integers how much of it ONNX Runtime computes in integers; empty for manifests that do not say
     * @param decisions what was chosen, and by what; empty for manifests that do not say
     */
    public record Quantization(
            String scheme,
            String calibration,
            String source,
            int pictures,
            long seed,
            String head,
            Optional<Integers> integers,
            Optional<Decisions> decisions) {}

    /**
     * What of a quantised model is computed in integers.
     *
     * @param coverage on the host
     * @param floatNodes the names of the nodes of {@code fp32.onnx} that stay in float, by the reason
     */
    public record Integers(IntegerCoverage coverage, Map<String, List<String>> floatNodes) {
        public Integers {
            Map<String, List<String>> copy = new LinkedHashMap<>();
            floatNodes.forEach((reason, nodes) -> copy.put(reason, List.copyOf(nodes)));
            floatNodes = Collections.unmodifiableMap(copy);
        }
    }

    /**
     * An accuracy and what it was measured with.
     *
     * @param testSet its name
     * @param testSetSha256 what tells its pictures and their classes from others, see {@link
     *     dev.glint.runtime.evaluate.PictureDigests#ofSet}; empty in manifests of older builds
     * @param accuracy what came out
     */
    public record Tested(String testSet, Optional<String> testSetSha256, Accuracy accuracy) {
        /** Whether another was measured with the same pictures, as far as is known. */
        boolean isAlike(Tested other) {
            return testSet.equals(other.testSet)
                    && testSetSha256.equals(other.testSetSha256)
                    && accuracy.pictures() == other.accuracy.pictures();
        }
    }

    /** A variant's name: its file's without the ending. */
    public String name() {
        return file.substring(0, file.lastIndexOf('.'));
    }

    /** Describes a file that is there. */
    public static Variant describe(
            Path file,
            Optional<Quantization> quantization,
            Optional<Tested> tested,
            Optional<Agreement> agreement,
            Latency latency) {
        try {
            return new Variant(
                    file.getFileName().toString(),
                    sha256(file),
                    Files.size(file),
                    quantization,
                    tested,
                    agreement,
                    latency);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is known of this variant, for a file that computes the same and is there. */
    public Variant withFile(Path same) {
        return describe(same, quantization, tested, agreement, latency);
    }

    /** What a variant of a file that is there has as its {@code sha256}. */
    public static String sha256(Path file) {
        try {
            return Sha256.ofFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Percentage points of accuracy that this one lost against another; empty if they were not tested alike. */
    public Optional<Double> dropPoints(Variant reference) {
        return tested.flatMap(own -> reference
                .tested
                .filter(own::isAlike)
                .map(other -> own.accuracy().dropPoints(other.accuracy())));
    }

    /** How many times faster than another this one is, by the median. */
    public double speedUp(Variant reference) {
        return (double) reference.latency.p50Nanos() / Math.max(1, latency.p50Nanos());
    }
}
