package dev.glint.exporter.job;

import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.folder.Variant.Tested;
import dev.glint.exporter.verify.Agreement;
import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.ModelFolder;
import java.util.Locale;
import java.util.Optional;

/**
 * What a quantised model must keep, else it is not written.
 *
 * @param maxDropPoints the percentage points of accuracy that may be lost at most
 * @param minSpeedUp how many times faster than fp32 it must be, in ONNX Runtime with one thread on this machine
 * @param minAgreement the share of pictures, 0 to 1, for which it must give the class that fp32 gives
 */
public record Gates(Optional<Double> maxDropPoints, Optional<Double> minSpeedUp, Optional<Double> minAgreement) {
    /** Nothing is demanded. */
    public static final Gates OPEN = new Gates(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Passes if a variant keeps what is demanded.
     *
     * @param manifest as it is about to be written
     * @param file the variant's
     * @throws GlintException ({@code GATE}) saying by how much it fails
     */
    void require(Manifest manifest, String file) {
        Variant variant = manifest.variant(file).orElseThrow();
        Variant floats = manifest.variant(ModelFolder.FP32).orElseThrow();
        maxDropPoints.ifPresent(most -> requireSmallDrop(variant, floats, most));
        minSpeedUp.ifPresent(least -> requireFast(variant, floats, least));
        minAgreement.ifPresent(least -> requireAgreement(variant, least));
    }

    private static void requireSmallDrop(Variant variant, Variant floats, double most) {
        Optional<Accuracy> integers = variant.tested().map(Tested::accuracy);
        Optional<Accuracy> reference = floats.tested().map(Tested::accuracy);
        if (integers.isPresent() && reference.isPresent() && integers.get().dropsMoreThan(most, reference.get())) {
            throw failure(
                    String.format(
                            Locale.ROOT,
                            "an accuracy that dropped by %.2f points in %s (from %d to %d of %d pictures)",
                            integers.get().dropPoints(reference.get()),
                            variant.file(),
                            reference.get().correct(),
                            integers.get().correct(),
                            integers.get().pictures()),
                    String.format(Locale.ROOT, "at most %.2f", most),
                    "calibrate with more or other pictures");
        }
    }

    private static void requireFast(Variant variant, Variant floats, double least) {
        double speedUp = variant.speedUp(floats);
        if (speedUp < least) {
            throw failure(
                    String.format(Locale.ROOT, "%s, which is %.2f times as fast as fp32", variant.file(), speedUp),
                    String.format(Locale.ROOT, "at least %.2f times", least),
                    "ship fp32, or measure on the device with classify bench");
        }
    }

    private static void requireAgreement(Variant variant, double least) {
        Agreement agreement = variant.agreement().orElseThrow();
        if (agreement.share() < least) {
            throw failure(
                    String.format(
                            Locale.ROOT,
                            "%s, which gives the class of fp32 for %.2f %% of the pictures (%d of %d)",
                            variant.file(),
                            100 * agreement.share(),
                            agreement.agreeing(),
                            agreement.pictures()),
                    String.format(Locale.ROOT, "at least %.2f %%", 100 * least),
                    "calibrate with more or other pictures");
        }
    }

    private static GlintException failure(String found, String expected, String remedy) {
        return GlintException.failure(Reason.GATE, found, expected, remedy + "; nothing was written");
    }
}
