package dev.glint.runtime.contract;

import java.util.Optional;

/** What the values of a model's output are, one per label. */
public enum OutputKind {
    /** Any finite numbers; their softmax is the probabilities. */
    LOGITS {
        @Override
        public Optional<String> flaw(float[] values) {
            return infinite(values);
        }

        @Override
        public String expectation() {
            return "finite logits";
        }
    },
    /** Any finite numbers; the sigmoid of each is the probability of its class, of which several may hold, or none. */
    INDEPENDENT_LOGITS {
        @Override
        public Optional<String> flaw(float[] values) {
            return infinite(values);
        }

        @Override
        public String expectation() {
            return "finite logits";
        }
    },
    /** Probabilities, each 0 to 1, which add up to 1: as exactly as integers of 8 bits inside a model may leave them. */
    PROBABILITIES {
        @Override
        public Optional<String> flaw(float[] values) {
            double sum = 0;
            for (float value : values) {
                if (!(value >= 0 && value <= 1 + ROUNDING)) {
                    return Optional.of("a probability of " + value);
                }
                sum += value;
            }
            return Math.abs(sum - 1) <= SUM_TOLERANCE
                    ? Optional.empty()
                    : Optional.of("probabilities that add up to " + sum);
        }

        @Override
        public String expectation() {
            return "probabilities of 0 to 1 that add up to 1";
        }
    };

    /** What a softmax in 32-bit floats may be above 1. */
    private static final float ROUNDING = 1e-5f;

    /** Each of many small ones may be off by half of 1/256. */
    private static final double SUM_TOLERANCE = 0.1;

    private static Optional<String> infinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return Optional.of("a logit of " + value);
            }
        }
        return Optional.empty();
    }

    /** Why these cannot be the values of such an output; empty if they can. */
    public abstract Optional<String> flaw(float[] values);

    /** What they must be. */
    public abstract String expectation();
}
