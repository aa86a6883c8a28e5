package dev.glint.onnx.quantize.calibrate;

import java.nio.FloatBuffer;

/** Adds up the elements of each channel, the second dimension of a value. */
final class ChannelSums {
    private final double[] sums;
    private long elementsPerChannel;

    ChannelSums(int channels) {
        this.sums = new double[channels];
    }

    /**
     * Adds a batch.
     *
     * @param elements (N, C, ...)
     */
    void add(FloatBuffer elements, int batch) {
        int plane = elements.remaining() / batch / sums.length;
        int at = elements.position();
        for (int n = 0; n < batch; n++) {
            for (int c = 0; c < sums.length; c++) {
                double sum = 0;
                for (int end = at + plane; at < end; at++) {
                    sum += elements.get(at);
                }
                sums[c] += sum;
            }
        }
        elementsPerChannel += (long) batch * plane;
    }

    float[] means() {
        float[] means = new float[sums.length];
        for (int c = 0; c < means.length; c++) {
            means[c] = (float) (sums[c] / elementsPerChannel);
        }
        return means;
    }
}
