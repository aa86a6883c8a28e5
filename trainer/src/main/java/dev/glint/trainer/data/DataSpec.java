package dev.glint.trainer.data;

import dev.glint.runtime.GlintException;
import dev.glint.runtime.GlintException.Reason;
import dev.glint.runtime.Interpolation;
import dev.glint.runtime.PreprocessContract;
import dev.glint.runtime.PreprocessContract.AlphaRule;
import dev.glint.runtime.PreprocessContract.ColorSpace;
import dev.glint.runtime.PreprocessContract.GeometricStep.ResizeExact;
import dev.glint.runtime.PreprocessContract.OrientationRule;
import dev.glint.runtime.PreprocessContract.SixteenBitRule;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Which data set, as it is written on the command line and in a run's configuration: {@code kind} or {@code kind:place}. */
public sealed interface DataSpec {
    /** The specifications that {@link #parse} knows, for help texts and errors. */
    String KNOWN = "bars or cifar10:DIR";

    /** The synthetic bar pictures; nothing to read. */
    record BarsSpec() implements DataSpec {
        @Override
        public DataSplit open(long seed) {
            return Bars.open(seed);
        }

        @Override
        public PreprocessContract contract(List<String> labels) {
            return eightBit(ColorSpace.GRAY, Bars.SIDE, List.of(0.25), List.of(0.5), labels);
        }

        @Override
        public String toString() {
            return "bars";
        }
    }

    /**
     * CIFAR-10 in its binary version (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009).
     *
     * @param folder holds {@code data_batch_1.bin} to {@code data_batch_5.bin}, {@code test_batch.bin} and
     *     {@code batches.meta.txt}, itself or in {@code cifar-10-batches-bin}
     */
    record Cifar10Spec(Path folder) implements DataSpec {
        /** Mean and standard deviation of the 50,000 training pictures per channel, over samples divided by 255. */
        private static final List<Double> MEAN = List.of(0.4914, 0.4822, 0.4465);

        private static final List<Double> STD = List.of(0.2470, 0.2435, 0.2616);

        @Override
        public DataSplit open(long seed) {
            return Cifar10.read(folder);
        }

        @Override
        public PreprocessContract contract(List<String> labels) {
            return eightBit(ColorSpace.RGB, Cifar10.SIDE, MEAN, STD, labels);
        }

        @Override
        public String toString() {
            return "cifar10:" + folder;
        }
    }

    /**
     * Reads the pictures.
     *
     * @param seed of the run; decides synthetic pictures and splits, not the order of pictures that files hold
     * @throws GlintException ({@code INPUT}) naming the file that is missing or wrong
     */
    DataSplit open(long seed);

    /** What its pictures go through before a model sees them. */
    PreprocessContract contract(List<String> labels);

    /** The specification as {@link #parse} reads it. */
    @Override
    String toString();

    /**
     * Reads a specification; nothing is opened yet. A relative place becomes an absolute one, so that a run finds its
     * pictures again from any folder.
     *
     * @throws GlintException ({@code USAGE}) if its kind is unknown or its place is missing
     */
    static DataSpec parse(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        String place = colon < 0 ? "" : text.substring(colon + 1);
        if (kind.equals("bars") && colon < 0) {
            return new BarsSpec();
        }
        if (kind.equals("cifar10") && !place.isEmpty()) {
            try {
                return new Cifar10Spec(Path.of(place).toAbsolutePath().normalize());
            } catch (InvalidPathException e) {
                throw unknown(text).causedBy(e);
            }
        }
        throw unknown(text);
    }

    private static GlintException unknown(String text) {
        return GlintException.of(Reason.USAGE, "the data set '" + text + "'", KNOWN, "correct the data set");
    }

    private static PreprocessContract eightBit(
            ColorSpace colorSpace, int side, List<Double> mean, List<Double> std, List<String> labels) {
        return new PreprocessContract(
                colorSpace,
                new AlphaRule.Drop(),
                OrientationRule.APPLY,
                SixteenBitRule.AS_PILLOW,
                List.of(new ResizeExact(side, side, Interpolation.BILINEAR)),
                1.0 / 255,
                mean,
                std,
                side,
                side,
                "input",
                labels);
    }
}
