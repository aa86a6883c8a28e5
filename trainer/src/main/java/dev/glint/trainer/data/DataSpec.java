package dev.glint.trainer.data;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.NaturalInput;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which data set, as it is written on the command line and in a run's configuration: {@code kind} or {@code kind:place}. */
public sealed interface DataSpec {
    /** The specifications that {@link #parse} knows, for help texts and errors. */
    String KNOWN = "bars, cifar10:DIR, mnist:DIR or folder:DIR";

    /** The synthetic bar pictures; nothing to read. */
    record BarsSpec() implements DataSpec {
        @Override
        public boolean drawnBySeed(boolean limited) {
            return true;
        }

        @Override
        public DataSplit read(long seed, boolean skipBroken, Consumer<String> notes) {
            return Bars.open(seed);
        }

        @Override
        public PreprocessContract contract(NaturalInput natural, List<String> labels) {
            return NaturalInput.BARS.contract(labels);
        }

        @Override
        public Architecture usualModel() {
            return Architecture.BAR_CNN;
        }

        @Override
        public String toString() {
            return "bars";
        }
    }

    /**
     * CIFAR-10 in its binary or its Python version (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images",
     * 2009).
     *
     * @param folder holds {@code data_batch_1} to {@code data_batch_5}, {@code test_batch} and {@code batches.meta}, with
     *     {@code .bin} and {@code .txt} behind the names of the binary version, itself or in the folder of the archive
     */
    record Cifar10Spec(Path folder) implements DataSpec {
        @Override
        public DataSplit read(long seed, boolean skipBroken, Consumer<String> notes) {
            return Cifar10.read(folder);
        }

        /** 32x32; normalized as the 50,000 training pictures are. */
        @Override
        public PreprocessContract contract(NaturalInput natural, List<String> labels) {
            return NaturalInput.CIFAR.contract(labels);
        }

        @Override
        public Architecture usualModel() {
            return Architecture.SMALL_VGG;
        }

        @Override
        public String toString() {
            return "cifar10:" + folder;
        }
    }

    /**
     * MNIST, or another set of ten classes in its form.
     *
     * @param folder holds {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte} and the same of {@code t10k},
     *     plain or gzip
     */
    record MnistSpec(Path folder) implements DataSpec {
        /** Mean and standard deviation of the 60,000 training pictures of MNIST, over samples divided by 255. */
        private static final double MEAN = 0.1307;

        private static final double STD = 0.3081;

        @Override
        public DataSplit read(long seed, boolean skipBroken, Consumer<String> notes) {
            return Mnist.read(folder);
        }

        /** The architecture's size and colours, MNIST's mean and standard deviation. */
        @Override
        public PreprocessContract contract(NaturalInput natural, List<String> labels) {
            List<Double> mean = Collections.nCopies(natural.channels(), MEAN);
            List<Double> std = Collections.nCopies(natural.channels(), STD);
            return Contracts.normalized(natural.contract(labels), mean, std);
        }

        @Override
        public Architecture usualModel() {
            return Architecture.SIMPLE_CNN;
        }

        @Override
        public boolean hasMirrors() {
            return false;
        }

        @Override
        public String toString() {
            return "mnist:" + folder;
        }
    }

    /**
     * Picture files in a folder per class.
     *
     * @param folder holds the class folders, or {@code train} and {@code val} or {@code test} with class folders in them
     */
    record FolderSpec(Path folder) implements DataSpec {
        @Override
        public boolean drawnBySeed(boolean limited) {
            return limited || !DividedFolder.isDivided(folder);
        }

        @Override
        public DataSplit read(long seed, boolean skipBroken, Consumer<String> notes) {
            return DividedFolder.read(folder, seed, skipBroken, notes);
        }

        @Override
        public Architecture usualModel() {
            return Architecture.SMALL_VGG;
        }

        /** Photos have more to see than 32x32 shows, and a small network takes that in affordable time. */
        @Override
        public @Nullable Integer usualSize() {
            return 64;
        }

        @Override
        public String toString() {
            return "folder:" + folder;
        }
    }

    /**
     * Whether the seed decides which pictures judge a model.
     *
     * @param limited whether only the first ones are used, in an order that the seed may decide
     */
    default boolean drawnBySeed(boolean limited) {
        return false;
    }

    /**
     * Reads the pictures.
     *
     * @param seed of the run; decides synthetic pictures and splits, not the order of pictures that files hold
     * @param skipBroken whether picture files that cannot be decoded are left out
     * @param notes is told about each file that is left out, a line each
     * @throws GlintException ({@code INPUT}) naming the file that is missing or wrong
     */
    DataSplit read(long seed, boolean skipBroken, Consumer<String> notes);

    /**
     * What its pictures usually go through before a model sees them.
     *
     * @param natural what the model was made for
     */
    default PreprocessContract contract(NaturalInput natural, List<String> labels) {
        return natural.contract(labels);
    }

    /** The network that is taken where nobody names one. */
    Architecture usualModel();

    /** Rows and columns of what {@link #usualModel} sees; null for what is usual for the network. */
    default @Nullable Integer usualSize() {
        return null;
    }

    /** Whether a picture's mirror image is one of the same class. */
    default boolean hasMirrors() {
        return true;
    }

    /** The specification as {@link #parse} reads it. */
    @Override
    String toString();

    /** Reads the pictures as they are. */
    default DataSplit open(long seed) {
        return read(seed, false, note -> {});
    }

    /**
     * Reads the pictures, and splits off some for validation if that is asked for.
     *
     * @param notes is told about each file or part that is left out, a line each
     * @throws GlintException ({@code INPUT}) naming the file that is missing or wrong
     */
    default DataSplit open(long seed, DataOptions options, Consumer<String> notes) {
        DataSplit all = read(seed, options.skipBroken(), notes);
        if (options.validation() == 0) {
            return all;
        }
        if (all.separateTest()) {
            notes.accept(
                    this + ": the " + all.heldOut().size() + " pictures for validation are left out, since --validation"
                            + " splits off some of train instead");
        }
        StratifiedSplit split = StratifiedSplit.draw(all.train(), all.labels(), options.validation(), seed);
        return new DataSplit(all.labels(), split.train(), split.heldOut(), all.test());
    }

    /**
     * What its pictures go through before a model sees them.
     *
     * @param natural what the model was made for
     * @param split its training pictures are measured if that is asked for
     */
    default PreprocessContract contract(NaturalInput natural, DataOptions options, DataSplit split) {
        PreprocessContract usual = contract(natural, split.labels());
        PreprocessContract sized = options.size() == null ? usual : Contracts.sized(usual, options.size());
        return options.normalization().applied(sized.withDecode(options.decode()), split.train());
    }

    /**
     * Reads a specification; nothing is opened yet. A relative place becomes an absolute one, so that a run finds its
     * pictures again from any folder.
     *
     * @throws GlintException ({@code USAGE}) if its kind is unknown or its place is missing
     */
    static DataSpec parse(String text) {
        if (text.equals("bars")) {
            return new BarsSpec();
        }
        int colon = text.indexOf(':');
        if (colon < 0 || colon == text.length() - 1) {
            throw unknown(text);
        }
        try {
            Path place = Path.of(text.substring(colon + 1)).toAbsolutePath().normalize();
            return switch (text.substring(0, colon)) {
                case "cifar10" -> new Cifar10Spec(place);
                case "mnist" -> new MnistSpec(place);
                case "folder" -> new FolderSpec(place);
                default -> throw unknown(text);
            };
        } catch (InvalidPathException e) {
            throw unknown(text).causedBy(e);
        }
    }

    private static GlintException unknown(String text) {
        return GlintException.failure(Reason.USAGE, "the data set '" + text + "'", KNOWN, "correct the data set");
    }
}
