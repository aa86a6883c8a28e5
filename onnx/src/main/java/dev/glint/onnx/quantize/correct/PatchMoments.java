package dev.glint.onnx.quantize.correct;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Mean and covariance of the patches that the weights of a layer are multiplied with: for a convolution of C / g inputs of
 * kh x kw, vectors of C / g * kh * kw elements, for each of its g groups. Of each picture a random sample of the places is
 * looked at, the same for all groups.
 */
final class PatchMoments {
    private static final int PLACES_PER_PICTURE = 64;

    private final int groups;
    private final int inputs;
    private final int[] kernel;
    private final int[] strides;
    private final int[] dilations;
    private final int[] pads;
    private final int size;
    private final double[][] sums;
    /** By group and row; above the diagonal nothing. */
    private final float[][][] products;

    private final Random random = new Random(1);
    private int patches;

    /** Moments of the patches of a layer that {@link #canRead} says yes to. */
    PatchMoments(Layer layer) {
        Node node = layer.node();
        List<Long> shape = layer.weight().shape();
        this.groups = groups(node);
        this.inputs = shape.get(1).intValue();
        boolean plane = shape.size() == 4;
        this.kernel = plane ? new int[] {shape.get(2).intValue(), shape.get(3).intValue()} : new int[] {1, 1};
        this.strides = integers(node, "strides", 1, 1);
        this.dilations = integers(node, "dilations", 1, 1);
        this.pads = integers(node, "pads", 0, 0, 0, 0);
        this.size = inputs * kernel[0] * kernel[1];
        this.sums = new double[groups][size];
        this.products = new float[groups][size][];
        for (float[][] rows : products) {
            for (int k = 0; k < size; k++) {
                rows[k] = new float[k + 1];
            }
        }
    }

    /** Whether a layer is a linear one, or a convolution of two dimensions whose padding is written out. */
    static boolean canRead(Layer layer) {
        int rank = layer.weight().shape().size();
        boolean written = !(layer.node().attributes().get("auto_pad") instanceof Attribute.Text text)
                || text.value().equals("NOTSET");
        return rank == 2 || rank == 4 && written;
    }

    /** How many numbers the moments of a layer are. */
    static long elements(Layer layer) {
        long size = layer.weight().size() / layer.channels();
        return size * size * groups(layer.node());
    }

    private static int groups(Node node) {
        return Math.toIntExact(node.integer("group", 1));
    }

    private static int[] integers(Node node, String attribute, int... otherwise) {
        return node.attributes().get(attribute) instanceof Attribute.Ints list
                ? list.values().stream().mapToInt(Math::toIntExact).toArray()
                : otherwise;
    }

    int groups() {
        return groups;
    }

    /**
     * Adds a batch of what the layer takes.
     *
     * @param elements (N, C, H, W), or (N, C)
     */
    void add(FloatBuffer elements, long... shape) {
        int batch = Math.toIntExact(shape[0]);
        int height = shape.length > 2 ? Math.toIntExact(shape[2]) : 1;
        int width = shape.length > 3 ? Math.toIntExact(shape[3]) : 1;
        float[] values = new float[elements.remaining()];
        elements.get(values);
        int places = Math.min(PLACES_PER_PICTURE, outputs(height, 0) * outputs(width, 1));
        float[][][] sample = new float[groups][batch * places][size];
        for (int n = 0; n < batch; n++) {
            int picture = n * groups * inputs * height * width;
            for (int place = 0; place < places; place++) {
                int top = random.nextInt(outputs(height, 0)) * strides[0] - pads[0];
                int left = random.nextInt(outputs(width, 1)) * strides[1] - pads[1];
                for (int group = 0; group < groups; group++) {
                    int from = picture + group * inputs * height * width;
                    read(sample[group][n * places + place], values, from, top, left, height, width);
                }
            }
        }
        patches += batch * places;
        IntStream.range(0, groups * size).parallel().forEach(i -> addRow(sample[i / size], i / size, i % size));
    }

    private int outputs(int extent, int axis) {
        int reach = dilations[axis] * (kernel[axis] - 1) + 1;
        return Math.max(1, (extent + pads[axis] + pads[axis + 2] - reach) / strides[axis] + 1);
    }

    private void read(float[] patch, float[] values, int from, int top, int left, int height, int width) {
        int k = 0;
        for (int c = 0; c < inputs; c++) {
            for (int i = 0; i < kernel[0]; i++) {
                int y = top + i * dilations[0];
                for (int j = 0; j < kernel[1]; j++, k++) {
                    int x = left + j * dilations[1];
                    boolean inside = y >= 0 && y < height && x >= 0 && x < width;
                    patch[k] = inside ? values[from + (c * height + y) * width + x] : 0;
                }
            }
        }
    }

    private void addRow(float[][] sample, int group, int k) {
        float[] row = products[group][k];
        double sum = 0;
        for (float[] patch : sample) {
            float value = patch[k];
            if (value != 0) {
                sum += value;
                for (int j = 0; j <= k; j++) {
                    row[j] += value * patch[j];
                }
            }
        }
        sums[group][k] += sum;
    }

    /** The mean patch of a group. */
    double[] mean(int group) {
        double[] mean = new double[size];
        for (int k = 0; k < size; k++) {
            mean[k] = sums[group][k] / patches;
        }
        return mean;
    }

    /** The covariance of the elements of a group's patches. */
    float[][] covariance(int group) {
        double[] mean = mean(group);
        float[][] covariance = new float[size][size];
        for (int k = 0; k < size; k++) {
            for (int j = 0; j <= k; j++) {
                float value = (float) ((double) products[group][k][j] / patches - mean[k] * mean[j]);
                covariance[k][j] = value;
                covariance[j][k] = value;
            }
        }
        return covariance;
    }
}
