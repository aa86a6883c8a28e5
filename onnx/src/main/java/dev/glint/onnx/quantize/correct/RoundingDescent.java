package dev.glint.onnx.quantize.correct;

/** Rounds the weights of one output channel so that the output errs least. */
final class RoundingDescent {
    private static final int SWEEPS = 20;

    /** A part of the mean variance, added to each: moments of few patches say too much of what they have not seen. */
    private static final double DAMPING = 0.01;

    private RoundingDescent() {}

    /**
     * Turns integers to the other side of their weight, one after the other while {@code d^T H d} falls for the errors d.
     *
     * @param exact the weights, in steps
     * @param nearest the integers next to them
     * @param lowest the smallest integer that may be used
     * @param highest the largest
     * @param moments H, symmetric, one row per weight
     */
    static int[] round(double[] exact, int[] nearest, int lowest, int highest, float[]... moments) {
        int size = exact.length;
        int[] rounded = nearest.clone();
        double[] errors = new double[size];
        double damping = 0;
        for (int k = 0; k < size; k++) {
            errors[k] = rounded[k] - exact[k];
            damping += moments[k][k] * DAMPING / size;
        }
        float[] gradient = gradient(errors, moments);
        boolean turned = true;
        for (int sweep = 0; turned && sweep < SWEEPS; sweep++) {
            turned = false;
            for (int k = 0; k < size; k++) {
                int step = errors[k] > 0 ? -1 : 1;
                int wanted = rounded[k] + step;
                double change = 2 * step * (gradient[k] + damping * errors[k]) + moments[k][k] + damping;
                if (change < 0 && wanted >= lowest && wanted <= highest) {
                    rounded[k] = wanted;
                    errors[k] += step;
                    add(gradient, step, moments[k]);
                    turned = true;
                }
            }
        }
        return rounded;
    }

    private static float[] gradient(double[] errors, float[]... moments) {
        float[] gradient = new float[errors.length];
        for (int k = 0; k < errors.length; k++) {
            float error = (float) errors[k];
            float[] row = moments[k];
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] += error * row[i];
            }
        }
        return gradient;
    }

    private static void add(float[] gradient, int step, float... row) {
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] += step * row[i];
        }
    }
}
