package dev.glint.runtime.golden;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import java.util.Optional;

/**
 * What came of a golden sample.
 *
 * @param sample its name
 * @param expectedTensor the SHA-256 of the tensor that it must give
 * @param foundTensor that of the tensor that it gave; empty if the picture could not be decoded
 * @param farthest the logit that is farthest from what it must be; empty if there are none
 * @param tolerance how far it may be
 * @param failure why there is no tensor, or are no logits
 */
public record GoldenResult(
        String sample,
        String expectedTensor,
        Optional<String> foundTensor,
        Optional<Logit> farthest,
        double tolerance,
        Optional<GlintException> failure) {

    /**
     * One logit.
     *
     * @param label its class
     * @param expected what it must be
     * @param found what it is
     */
    public record Logit(String label, float expected, float found) {
        /** How far they are apart. */
        public double distance() {
            return Math.abs((double) expected - found);
        }
    }

    static GoldenResult replay(GoldenSample sample, double tolerance, Classifier classifier) {
        PreprocessContract contract = classifier.contract();
        Optional<String> tensor = Optional.empty();
        try {
            Image picture = sample.decode(contract);
            tensor = Optional.of(GoldenSample.tensorSha256(picture, contract));
            Logit farthest = farthest(sample.logits(), classifier.logits(picture), contract);
            return new GoldenResult(
                    sample.name(), sample.tensorSha256(), tensor, Optional.of(farthest), tolerance, Optional.empty());
        } catch (GlintException e) {
            return new GoldenResult(
                    sample.name(), sample.tensorSha256(), tensor, Optional.empty(), tolerance, Optional.of(e));
        }
    }

    private static Logit farthest(float[] expected, float[] found, PreprocessContract contract) {
        int farthest = 0;
        for (int i = 1; i < expected.length; i++) {
            if (Math.abs((double) expected[i] - found[i]) > Math.abs((double) expected[farthest] - found[farthest])) {
                farthest = i;
            }
        }
        return new Logit(contract.labels().get(farthest), expected[farthest], found[farthest]);
    }

    /** Whether the tensor is what it must be, to the bit. */
    public boolean tensorHolds() {
        return foundTensor.filter(expectedTensor::equals).isPresent();
    }

    /** Whether all logits are within the tolerance. */
    public boolean logitsHold() {
        return farthest.filter(logit -> logit.distance() <= tolerance).isPresent();
    }

    /** Whether the model gave what it must. */
    public boolean holds() {
        return tensorHolds() && logitsHold();
    }

    /** What differs, in words for people; empty text if nothing does. */
    public String difference() {
        if (failure.isPresent()) {
            return sample + ": " + failure.get().getMessage();
        }
        if (!tensorHolds()) {
            return sample + ": the hash of its tensor is " + foundTensor.orElse("unknown") + ", not " + expectedTensor;
        }
        return farthest.filter(logit -> !logitsHold())
                .map(logit -> sample + ": the logit of " + logit.label() + " is " + logit.found() + ", not "
                        + logit.expected() + " within " + tolerance)
                .orElse("");
    }
}
