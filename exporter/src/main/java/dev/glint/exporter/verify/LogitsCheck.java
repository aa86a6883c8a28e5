package dev.glint.exporter.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Classifier;
import java.nio.FloatBuffer;
import java.util.Locale;

/**
 * How far a model's logits are from those of the block that it was made of.
 *
 * @param largestDifference over all pictures and classes
 * @param largestLogit by magnitude, of the block
 */
public record LogitsCheck(double largestDifference, double largestLogit) {
    /** What a model may differ by, as a share of the largest logit: float sums in another order, no more. */
    public static final double TOLERANCE = 1e-4;

    /**
     * Compares on real pictures, each through the contract that is in the model file.
     *
     * @param block with the weights that the model was made of
     * @param manager of the block's engine
     * @param count how many pictures; all if there are fewer
     */
    public static LogitsCheck compare(
            Block block, NDManager manager, Classifier classifier, PictureSet pictures, int count) {
        Preprocessor preprocessor = new Preprocessor(classifier.contract());
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < Math.min(count, pictures.size()); i++) {
            FloatBuffer tensor = FloatBuffer.allocate(classifier.contract().tensorSize());
            preprocessor.normalize(pictures.pixels(i, preprocessor).samples(), 0, tensor);
            float[] expected = logits(block, manager, classifier.contract(), tensor.flip());
            float[] actual = classifier.logits(tensor);
            for (int c = 0; c < expected.length; c++) {
                difference = worse(difference, Math.abs((double) expected[c] - actual[c]));
                largest = worse(largest, Math.abs(expected[c]));
            }
        }
        return new LogitsCheck(difference, largest);
    }

    /** NaN is the worst. */
    private static double worse(double one, double other) {
        return Double.isNaN(other) || other > one ? other : one;
    }

    private static float[] logits(Block block, NDManager manager, PreprocessContract contract, FloatBuffer tensor) {
        try (NDManager step = manager.newSubManager()) {
            float[] values = new float[tensor.remaining()];
            tensor.duplicate().get(values);
            Shape shape = new Shape(1, contract.channels(), contract.height(), contract.width());
            NDArray input = step.create(values, shape);
            return block.forward(new ParameterStore(step, false), new NDList(input), false)
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    /** The difference as a share of the largest logit. */
    public double relativeDifference() {
        return largestLogit == 0 ? largestDifference : largestDifference / largestLogit;
    }

    /**
     * Passes if the difference is within {@link #TOLERANCE}.
     *
     * @throws GlintException ({@code GATE}) if it is not
     */
    public void require() {
        if (!(relativeDifference() <= TOLERANCE)) {
            throw GlintException.failure(
                    Reason.GATE,
                    String.format(Locale.ROOT, "logits that are %.2e of the largest apart", relativeDifference()),
                    String.format(Locale.ROOT, "at most %.0e between block and model", TOLERANCE),
                    "report it with the run; nothing was written");
        }
    }
}
