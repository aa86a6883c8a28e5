package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import java.nio.FloatBuffer;
import java.util.function.Consumer;

/**
 * Begins with a first convolution that whitens: its filters are the principal components of the training pictures'
 * patches, divided by their standard deviations, each also with the opposite sign (Page, "How to Train Your ResNet 8",
 * 2019; Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", 2024). Filters beyond twice the number of
 * components keep the weights they were drawn.
 */
public final class Whitening {
    private static final int PICTURES = 5_000;
    /** So many multiplications take a core some seconds; where there were more, pictures are fewer. */
    private static final double MOST_PRODUCTS = 1e10;
    /** An 11x11 patch in colours. The components of larger ones take minutes, and are no better known. */
    private static final int MOST_VALUES = 3 * 11 * 11;
    /** Added to each variance, so that components without one do not become noise. */
    private static final double EPSILON = 5e-4;

    private Whitening() {}

    /**
     * Sets the weights of the first convolution.
     *
     * @param block initialized; its first parameter is a convolution's (out, in, height, width)
     * @param pictures whose patches are measured, 5,000 of them, fewer where patches are large and many, evenly spread over
     *     the set, at every place of an even row and column
     * @param notes is told before how much there is to do
     * @throws GlintException ({@code USAGE}) if the block begins with something else, or with patches that are too large
     */
    public static void apply(Block block, PictureSet pictures, Preprocessor preprocessor, Consumer<String> notes) {
        Parameter first = StateDict.parameters(block).values().iterator().next();
        Shape shape = first.getShape();
        if (shape.dimension() != 4) {
            throw refused("a network that does not begin with a convolution", "one that does");
        }
        int size = (int) (shape.get(1) * shape.get(2) * shape.get(3));
        requireSmall(size);
        int count = pictureCount(pictures.size(), preprocessor.contract(), shape);
        notes.accept("whitening the first convolution with the patches of " + count + " training pictures");
        double[][] covariance = covariance(pictures, count, preprocessor, (int) shape.get(2), (int) shape.get(3), size);
        PrincipalComponents components = PrincipalComponents.decompose(covariance);
        NDArray weight = first.getArray();
        float[] values = BlockWeights.values(weight);
        int filters = (int) shape.get(0);
        int used = Math.min(size, filters / 2);
        for (int i = 0; i < used; i++) {
            double scale = 1 / Math.sqrt(components.variances()[i] + EPSILON);
            for (int j = 0; j < size; j++) {
                float value = (float) (scale * components.vectors()[i][j]);
                values[i * size + j] = value;
                values[(used + i) * size + j] = -value;
            }
        }
        BlockWeights.set(weight, values);
    }

    static void requireSmall(int valuesOfPatch) {
        if (valuesOfPatch > MOST_VALUES) {
            throw refused("patches of " + valuesOfPatch + " values", "at most " + MOST_VALUES);
        }
    }

    private static GlintException refused(String found, String expected) {
        return GlintException.failure(Reason.USAGE, found, expected, "add --no-whitening")
                .about("--whitening");
    }

    /** How many pictures are measured, of so many. */
    static int pictureCount(int pictures, PreprocessContract contract, Shape filters) {
        long rows = filters.get(2);
        long columns = filters.get(3);
        long size = filters.get(1) * rows * columns;
        double patches = Math.max(1, ((contract.height() - rows) / 2 + 1) * ((contract.width() - columns) / 2 + 1));
        double products = patches * size * (size + 1) / 2;
        return (int) Math.max(1, Math.min(Math.min(PICTURES, pictures), MOST_PRODUCTS / products));
    }

    /** The covariance of patches around their mean of 0, as normalized pictures have it. */
    private static double[][] covariance(
            PictureSet pictures, int count, Preprocessor preprocessor, int rows, int columns, int size) {
        int height = preprocessor.contract().height();
        int width = preprocessor.contract().width();
        float[] planes = new float[preprocessor.contract().tensorSize()];
        float[] patch = new float[size];
        double[][] sum = new double[size][size];
        long patches = 0;
        for (int i = 0; i < count; i++) {
            int index = (int) ((long) i * pictures.size() / count);
            preprocessor.normalize(pictures.pixels(index, preprocessor).samples(), 0, FloatBuffer.wrap(planes));
            for (int y = 0; y + rows <= height; y += 2) {
                for (int x = 0; x + columns <= width; x += 2) {
                    for (int j = 0; j < size; j++) {
                        int channel = j / (rows * columns);
                        int row = y + j / columns % rows;
                        patch[j] = planes[(channel * height + row) * width + x + j % columns];
                    }
                    add(patch, sum);
                    patches++;
                }
            }
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                sum[i][j] /= Math.max(1, patches);
                sum[j][i] = sum[i][j];
            }
        }
        return sum;
    }

    private static void add(float[] patch, double[][] sum) {
        for (int i = 0; i < patch.length; i++) {
            double[] row = sum[i];
            for (int j = 0; j <= i; j++) {
                row[j] += (double) patch[i] * patch[j];
            }
        }
    }
}
