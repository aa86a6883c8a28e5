package dev.glint.trainer.data;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Where the mean and the standard deviation come from that pictures are normalized with. */
public sealed interface Normalization {
    /** What {@link #parse} knows, for help texts and errors. */
    String KNOWN = "usual, measure or MEAN:STD (each a number, or one per channel with commas between, as in"
            + " 0.485,0.456,0.406:0.229,0.224,0.225)";

    /** From the architecture, or from the data set where that is known better. */
    record Usual() implements Normalization {
        @Override
        public String toString() {
            return "usual";
        }
    }

    /** From the training pictures, as a model sees them but for augmentation. */
    record Measured() implements Normalization {
        @Override
        public String toString() {
            return "measure";
        }
    }

    /**
     * As given, over samples divided by 255.
     *
     * @param mean one value, or one per channel
     * @param std as many, positive
     */
    record Given(List<Double> mean, List<Double> std) implements Normalization {
        public Given {
            mean = List.copyOf(mean);
            std = List.copyOf(std);
            boolean finite =
                    mean.stream().allMatch(Double::isFinite) && std.stream().allMatch(Double::isFinite);
            if (!finite
                    || mean.isEmpty()
                    || mean.size() != std.size()
                    || std.stream().anyMatch(s -> s <= 0)) {
                throw new IllegalArgumentException("mean " + mean + ", std " + std);
            }
        }

        @Override
        public String toString() {
            return join(mean) + ":" + join(std);
        }

        private static String join(List<Double> values) {
            return values.stream().map(value -> Double.toString(value)).collect(Collectors.joining(","));
        }
    }

    /** As {@link #parse} reads it. */
    @Override
    String toString();

    /**
     * Reads one of {@link #KNOWN}.
     *
     * @throws GlintException ({@code USAGE}) if it is none
     */
    static Normalization parse(String text) {
        if (text.equals("usual")) {
            return new Usual();
        }
        if (text.equals("measure")) {
            return new Measured();
        }
        String[] parts = text.split(":", -1);
        try {
            if (parts.length == 2) {
                return new Given(numbers(parts[0]), numbers(parts[1]));
            }
        } catch (IllegalArgumentException e) {
            throw unknown(text).causedBy(e);
        }
        throw unknown(text);
    }

    private static List<Double> numbers(String text) {
        return Arrays.stream(text.split(",", -1)).map(Double::valueOf).toList();
    }

    private static GlintException unknown(String text) {
        return GlintException.failure(
                Reason.USAGE, "the normalization '" + text + "'", KNOWN, "correct the mean and the standard deviation");
    }

    /**
     * A contract with this normalization in place of its own.
     *
     * @param train what is measured
     * @throws GlintException ({@code USAGE}) if the given values are not one per channel
     */
    default PreprocessContract applied(PreprocessContract contract, PictureSet train) {
        if (this instanceof Usual) {
            return contract;
        }
        if (this instanceof Given given) {
            int channels = contract.channels();
            return Contracts.normalized(contract, perChannel(given.mean, channels), perChannel(given.std, channels));
        }
        SampleStatistics statistics = SampleStatistics.measure(train, contract);
        return Contracts.normalized(contract, statistics.mean(), statistics.std());
    }

    private static List<Double> perChannel(List<Double> values, int channels) {
        if (values.size() != 1 && values.size() != channels) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "a normalization with " + values.size() + " values",
                    "one, or one for each of the " + channels + " channels that the model takes",
                    "correct the mean and the standard deviation");
        }
        return values.size() == channels ? values : Collections.nCopies(channels, values.get(0));
    }
}
