package dev.glint.exporter.adopt;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    private static final int BATCH = 3;

    /**
     * Compares.
     *
     * @param model what the file became
     * @param size how many pictures there are
     * @param pictures gives each by its number
     * @throws GlintException ({@code MODEL}) if ONNX Runtime refuses one of both, or the file's answers are no numbers
     * @throws IOException if the file cannot be read
     */
    public static EqualityProof compare(Adoption adoption, OnnxModel model, int size, IntFunction<Image> pictures)
            throws IOException {
        Preprocessor preprocessor = new Preprocessor(adoption.contract());
        try (OriginalModel original = OriginalModel.open(adoption.file(), adoption.input(), adoption.output());
                OnnxSession session = OnnxSession.open(model, 1)) {
            Comparison comparison = new Comparison(adoption, original, session);
            for (int i = 0; i < RANDOM_TENSORS; i++) {
                comparison.add(random(preprocessor, i), 1);
            }
            if (model.graph().inputs().get(0).shape().get(0) instanceof Dimension.Free) {
                comparison.add(random(preprocessor, 0, 1, 2), BATCH);
            }
            for (int i = 0; i < size; i++) {
                FloatBuffer tensor = tensors(preprocessor, 1);
                preprocessor.preprocess(pictures.apply(i), tensor);
                comparison.add(tensor.flip(), 1);
            }
            return new EqualityProof(
                    RANDOM_TENSORS,
                    size,
                    comparison.difference,
                    comparison.largest,
                    adoption.hasHalfFloats() ? HALF_TOLERANCE : TOLERANCE);
        }
    }

    private static FloatBuffer tensors(Preprocessor preprocessor, int count) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(
                        count * Float.BYTES, preprocessor.contract().tensorSize()))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Samples from 0 to 255 at random, as a picture has them, each tensor of a seed of its own. */
    private static FloatBuffer random(Preprocessor preprocessor, long... seeds) {
        PreprocessContract contract = preprocessor.contract();
        FloatBuffer tensor = tensors(preprocessor, seeds.length);
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

    /** What was seen so far. */
    private static final class Comparison {
        private final Adoption adoption;
        private final OriginalModel original;
        private final OnnxSession session;
        private double difference;
        private double largest;

        Comparison(Adoption adoption, OriginalModel original, OnnxSession session) {
            this.adoption = adoption;
            this.original = original;
            this.session = session;
        }

        /** Shows pictures to the model together, and to the file one by one. */
        void add(FloatBuffer tensors, int count) {
            PreprocessContract contract = adoption.contract();
            float[] values = session.run(tensors, count, contract.channels(), contract.height(), contract.width())
                    .values()
                    .iterator()
                    .next();
            int labels = contract.labels().size();
            for (int i = 0; i < count; i++) {
                FloatBuffer one = tensors.duplicate();
                one.position(i * contract.tensorSize()).limit((i + 1) * contract.tensorSize());
                float[] ofOne = new float[labels];
                System.arraycopy(values, i * labels, ofOne, 0, labels);
                add(
                        original.run(one, contract.height(), contract.width()),
                        adoption.cut().answers(ofOne));
            }
        }

        private void add(float[] expected, double[] actual) {
            if (expected.length != actual.length) {
                difference = Double.NaN;
                return;
            }
            for (int c = 0; c < expected.length; c++) {
                if (!Float.isFinite(expected[c])) {
                    throw GlintException.failure(
                            Reason.MODEL,
                            "a file that answers " + expected[c] + " itself",
                            "finite numbers for every picture",
                            "fit the network again; its weights have diverged");
                }
                difference = worse(difference, Math.abs(expected[c] - actual[c]));
                largest = worse(largest, Math.abs((double) expected[c]));
            }
        }

        /** NaN is the worst. */
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
