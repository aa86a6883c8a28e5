package dev.glint.exporter.adopt;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * How far an imported model's answers are from those of the file that it was made of, both in ONNX Runtime.
 *
 * @param randomTensors how many tensors of random samples both saw
 * @param pictures how many pictures both saw
 * @param largestDifference over all answers, as the file gives them
 * @param largestAnswer by magnitude, of the file
 * @param tolerance what the difference may be at most, as a share of the largest answer
 */
public record EqualityProof(
        int randomTensors, int pictures, double largestDifference, double largestAnswer, double tolerance) {
    /** Float sums in another order, with batch norm folded. */
    private static final double TOLERANCE = 1e-4;

    /** In half floats the file rounds each step to 11 bits; the model does not. */
    private static final double HALF_TOLERANCE = 2e-2;

    private static final int RANDOM_TENSORS = 8;
    private static final long[] BATCH = {0, 1, 2};

    /**
     * Compares.
     *
     * @param model what the file became
     * @param size how many pictures there are
     * @param pictures gives each by its number
     * @throws GlintException ({@code MODEL}) if ONNX Runtime refuses one of both, or the file's answers are no numbers, ({@code
     *     USAGE}) if these are probabilities and nobody said so
     * @throws IOException if the file cannot be read
     */
    public static EqualityProof compare(Adoption adoption, OnnxModel model, int size, IntFunction<Image> pictures)
            throws IOException {
        Preprocessor preprocessor = new Preprocessor(adoption.contract());
        Differences differences = new Differences();
        boolean probabilities = true;
        try (OriginalModel original = OriginalModel.open(adoption);
                OnnxSession session = OnnxSession.open(model, 1)) {
            for (int i = 0; i < RANDOM_TENSORS + size; i++) {
                FloatBuffer tensor = i < RANDOM_TENSORS
                        ? random(preprocessor, i)
                        : tensor(preprocessor, pictures.apply(i - RANDOM_TENSORS));
                float[] expected = original.run(
                        tensor,
                        adoption.contract().height(),
                        adoption.contract().width());
                requireNumbers(expected);
                probabilities &= OutputKind.PROBABILITIES.flaw(expected).isEmpty();
                differences.add(expected, adoption.cut().answers(run(session, adoption.contract(), tensor, 1)));
            }
        }
        if (adoption.cut().assumed() && probabilities) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "values of " + adoption.output()
                            + " that are probabilities for every picture, and no --output-kind",
                    "logits, or a word on what they are",
                    "add --output-kind probabilities");
        }
        return new EqualityProof(
                RANDOM_TENSORS,
                size,
                differences.difference,
                differences.largest,
                adoption.hasHalfFloats() ? HALF_TOLERANCE : TOLERANCE);
    }

    /** Whether a model of any batch gives pictures together the answers that it gives them alone. */
    static boolean holdsForBatches(OnnxModel model, PreprocessContract contract) {
        Preprocessor preprocessor = new Preprocessor(contract);
        Differences differences = new Differences();
        try (OnnxSession session = OnnxSession.open(model, 1)) {
            float[] together = run(session, contract, random(preprocessor, BATCH), BATCH.length);
            int labels = contract.labels().size();
            if (together.length != BATCH.length * labels) {
                return false;
            }
            for (int i = 0; i < BATCH.length; i++) {
                double[] ofOne = new double[labels];
                for (int c = 0; c < labels; c++) {
                    ofOne[c] = together[i * labels + c];
                }
                differences.add(run(session, contract, random(preprocessor, BATCH[i]), 1), ofOne);
            }
            return differences.difference <= TOLERANCE * differences.largest;
        } catch (GlintException e) {
            return false;
        }
    }

    private static float[] run(OnnxSession session, PreprocessContract contract, FloatBuffer tensors, int count) {
        return session.run(tensors, count, contract.channels(), contract.height(), contract.width())
                .values()
                .iterator()
                .next();
    }

    private static FloatBuffer tensor(Preprocessor preprocessor, Image picture) {
        FloatBuffer tensor = (FloatBuffer) preprocessor.allocateTensor(1);
        preprocessor.preprocess(picture, tensor);
        return tensor.flip();
    }

    /** Samples from 0 to 255 at random, as a picture has them, each tensor of a seed of its own. */
    private static FloatBuffer random(Preprocessor preprocessor, long... seeds) {
        PreprocessContract contract = preprocessor.contract();
        FloatBuffer tensor = (FloatBuffer) preprocessor.allocateTensor(seeds.length);
        for (long seed : seeds) {
            Random random = new Random(seed);
            for (int c = 0; c < contract.channels(); c++) {
                for (int i = 0; i < contract.height() * contract.width(); i++) {
                    tensor.put(preprocessor.normalized(c, random.nextInt(256)));
                }
            }
        }
        return tensor.flip();
    }

    private static void requireNumbers(float[] answers) {
        for (float answer : answers) {
            if (!Float.isFinite(answer)) {
                throw GlintException.failure(
                        Reason.MODEL,
                        "a file that answers " + answer + " itself",
                        "finite numbers for every picture",
                        "fit the network again; its weights have diverged");
            }
        }
    }

    /** What was seen so far; NaN is the worst. */
    private static final class Differences {
        private double difference;
        private double largest;

        void add(float[] expected, double[] actual) {
            if (expected.length != actual.length) {
                difference = Double.NaN;
                return;
            }
            for (int c = 0; c < expected.length; c++) {
                difference = worse(difference, Math.abs(expected[c] - actual[c]));
                largest = worse(largest, Math.abs((double) expected[c]));
            }
        }

        private static double worse(double one, double other) {
            return Double.isNaN(one) || one > other ? one : other;
        }
    }

    /** The difference as a share of the largest answer. */
    public double relativeDifference() {
        return largestAnswer == 0 ? largestDifference : largestDifference / largestAnswer;
    }

    /**
     * Passes if the difference is within the tolerance.
     *
     * @throws GlintException ({@code GATE}) if it is not
     */
    public void require() {
        if (!(relativeDifference() <= tolerance)) {
            throw GlintException.failure(
                    Reason.GATE,
                    String.format(Locale.ROOT, "answers that are %.2e of the largest apart", relativeDifference()),
                    String.format(Locale.ROOT, "at most %.0e between file and model", tolerance),
                    "report it with the file; nothing was written");
        }
    }

    /** {@code within 3.1e-07 of its largest answer on 8 random tensors and 7 pictures (allowed are 1e-04)}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "within %.1e of its largest answer on %d random tensors and %d pictures (allowed are %.0e)",
                relativeDifference(),
                randomTensors,
                pictures,
                tolerance);
    }
}
