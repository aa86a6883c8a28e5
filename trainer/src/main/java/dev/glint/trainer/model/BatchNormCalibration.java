package dev.glint.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.glint.trainer.weights.block.BlockWeights;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives batch norm layers the running statistics of real pictures, and weights and biases with which they compute the
 * same as before. BlockWeights whose batch norm was folded into the convolutions have a mean of 0 and a variance of 1, which
 * say nothing of what comes in: as soon as the layer takes the statistics of a batch, it computes something else. After
 * the calibration a fit can go on.
 */
public final class BatchNormCalibration {
    /** What came into a layer, per channel: its mean and its sum of squared differences from the mean. */
    private static final class Moments {
        private final BatchNormalization layer;
        private long count;
        private double[] means = {};
        private double[] squares = {};

        Moments(BatchNormalization layer) {
            this.layer = layer;
        }

        /** Joins the moments of another batch, as Chan, Golub and LeVeque, "Updating Formulae", 1979. */
        void add(NDArray input) {
            int channels = (int) input.getShape().get(1);
            long added = input.size() / channels;
            float[] centers;
            float[] batchSquares;
            // Closed at once: together these are larger than what the network itself needs.
            try (NDArray rows = input.swapAxes(0, 1).reshape(channels, -1);
                    NDArray batchMeans = rows.mean(new int[] {1}, true);
                    NDArray differences = rows.sub(batchMeans)) {
                centers = batchMeans.toFloatArray();
                batchSquares = differences.powi(2).sum(new int[] {1}).toFloatArray();
            }
            if (count == 0) {
                means = new double[channels];
                squares = new double[channels];
            }
            long total = count + added;
            for (int c = 0; c < channels; c++) {
                double step = centers[c] - means[c];
                means[c] += step * added / total;
                squares[c] += batchSquares[c] + step * step * count * added / total;
            }
            count = total;
        }

        /** With y = slope * x + shift before, the same afterwards. */
        void apply() {
            float[] weight = BlockWeights.values(layer.weight().getArray());
            float[] bias = BlockWeights.values(layer.bias().getArray());
            float[] oldMean = BlockWeights.values(layer.runningMean().getArray());
            float[] oldVariance = BlockWeights.values(layer.runningVariance().getArray());
            float[] mean = new float[weight.length];
            float[] variance = new float[weight.length];
            for (int c = 0; c < weight.length; c++) {
                double slope = weight[c] / Math.sqrt((double) oldVariance[c] + layer.epsilon());
                double shift = bias[c] - slope * oldMean[c];
                mean[c] = (float) means[c];
                variance[c] = (float) (squares[c] / Math.max(1, count - 1));
                weight[c] = (float) (slope * Math.sqrt((double) variance[c] + layer.epsilon()));
                bias[c] = (float) (shift + slope * mean[c]);
            }
            BlockWeights.set(layer.weight().getArray(), weight);
            BlockWeights.set(layer.bias().getArray(), bias);
            BlockWeights.set(layer.runningMean().getArray(), mean);
            BlockWeights.set(layer.runningVariance().getArray(), variance);
        }
    }

    /** How far from 1 a variance may be: by an epsilon, which whoever folds a layer may take off. */
    private static final double TOLERANCE = 1e-2;

    private BatchNormCalibration() {}

    /**
     * Whether the weights of a block were folded: all that some batch norm layer does is to add its bias.
     *
     * @param block initialized
     */
    public static boolean isFolded(Block block) {
        return layers(block).stream()
                .anyMatch(layer -> all(layer.weight(), 1, 0)
                        && all(layer.runningMean(), 0, 0)
                        && all(layer.runningVariance(), 1, TOLERANCE));
    }

    private static boolean all(Parameter parameter, double expected, double tolerance) {
        for (float value : BlockWeights.values(parameter.getArray())) {
            if (!(Math.abs(value - expected) <= tolerance)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Measures and sets the statistics of every batch norm layer.
     *
     * @param block initialized
     * @param batches of preprocessed pictures, (N, C, H, W), two values per channel at least; each is closed after its use
     */
    public static void apply(Block block, Iterable<NDArray> batches) {
        List<Moments> moments = new ArrayList<>();
        layers(block).forEach(layer -> moments.add(new Moments(layer)));
        try {
            moments.forEach(each -> each.layer.observe(each::add));
            for (NDArray batch : batches) {
                try (var step = batch.getManager().newSubManager()) {
                    batch.attach(step);
                    block.forward(new ParameterStore(step, false), new NDList(batch), false);
                }
            }
        } finally {
            moments.forEach(each -> each.layer.observe(null));
        }
        if (moments.stream().anyMatch(each -> each.count < 2)) {
            throw new IllegalArgumentException("too few pictures for statistics");
        }
        moments.forEach(Moments::apply);
    }

    private static List<BatchNormalization> layers(Block block) {
        List<BatchNormalization> layers = new ArrayList<>();
        if (block instanceof BatchNormalization layer) {
            layers.add(layer);
        }
        block.getChildren().values().forEach(child -> layers.addAll(layers(child)));
        return layers;
    }
}
