package dev.glint.trainer.baseline;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.fit.ConfusionMatrix;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A linear support vector machine on {@link Hog}: how pictures were classified before networks. One machine per class
 * against all others, squared hinge loss, the values standardized by mean and deviation of the training pictures, with
 * a bias (Fan et al., "LIBLINEAR", 2008). A picture of 48x48 has 900 values and takes about 30 KB of memory while machines
 * are fitted. Immutable.
 */
final class HogSvm {
    /** LIBLINEAR's stopping tolerance, relative to the gradient at the start. */
    private static final double TOLERANCE = 0.1;

    private final Hog hog;
    private final Preprocessor preprocessor;
    private final Standardization standardization;
    private final Model model;

    private HogSvm(Hog hog, Preprocessor preprocessor, Standardization standardization, Model model) {
        this.hog = hog;
        this.preprocessor = preprocessor;
        this.standardization = standardization;
        this.model = model;
    }

    /**
     * Fits the machines. The same pictures and seed give the same machines.
     *
     * @param c the price of a mistake against a wide margin, positive
     * @param data its training pictures are learned from; a class that weighs more has a higher price
     * @param preprocessor decides the pixels, as it does for a network
     */
    public static HogSvm fit(Hog hog, double c, DataSplit data, Preprocessor preprocessor, long seed) {
        PictureSet pictures = data.train();
        float[][] described = describe(hog, pictures, preprocessor);
        Standardization standardization = Standardization.measure(described);
        Problem problem = new Problem();
        problem.l = pictures.size();
        problem.n = described[0].length + 1;
        problem.x = new Feature[problem.l][];
        problem.y = new double[problem.l];
        for (int i = 0; i < problem.l; i++) {
            problem.x[i] = features(standardization.apply(described[i]));
            problem.y[i] = pictures.label(i);
        }
        // The primal solver: with a hundred times more pictures than values, the dual one takes far longer.
        Parameter parameter = new Parameter(SolverType.L2R_L2LOSS_SVC, c, TOLERANCE);
        parameter.setRandom(new Random(seed));
        double[] weights =
                data.classWeights().stream().mapToDouble(Double::doubleValue).toArray();
        parameter.setWeights(weights, IntStream.range(0, weights.length).toArray());
        Linear.disableDebugOutput();
        return new HogSvm(hog, preprocessor, standardization, Linear.train(problem, parameter));
    }

    /** Classifies all pictures of a set and counts. */
    public ConfusionMatrix judge(PictureSet pictures, List<String> labels) {
        float[][] described = describe(hog, pictures, preprocessor);
        int[][] counts = new int[labels.size()][labels.size()];
        for (int i = 0; i < described.length; i++) {
            int predicted = (int) Linear.predict(model, features(standardization.apply(described[i])));
            counts[pictures.label(i)][predicted]++;
        }
        return new ConfusionMatrix(labels, counts);
    }

    private static float[][] describe(Hog hog, PictureSet pictures, Preprocessor preprocessor) {
        float[][] described = new float[pictures.size()][];
        IntStream.range(0, described.length).parallel().forEach(i -> {
            double[] values = hog.describe(pictures.pixels(i, preprocessor));
            float[] kept = new float[values.length];
            for (int j = 0; j < kept.length; j++) {
                kept[j] = (float) values[j];
            }
            described[i] = kept;
        });
        return described;
    }

    /** LIBLINEAR's form: numbered from 1 on, with a last one that is always 1. */
    private static Feature[] features(double[] values) {
        Feature[] features = new Feature[values.length + 1];
        for (int j = 0; j < values.length; j++) {
            features[j] = new FeatureNode(j + 1, values[j]);
        }
        features[values.length] = new FeatureNode(values.length + 1, 1);
        return features;
    }

    /** Brings each value to mean 0 and deviation 1 over the training pictures. */
    private record Standardization(double[] mean, double[] deviation) {
        static Standardization measure(float[][] rows) {
            double[] mean = new double[rows[0].length];
            double[] deviation = new double[mean.length];
            for (float[] row : rows) {
                for (int j = 0; j < mean.length; j++) {
                    mean[j] += row[j] / (double) rows.length;
                }
            }
            for (float[] row : rows) {
                for (int j = 0; j < mean.length; j++) {
                    double off = row[j] - mean[j];
                    deviation[j] += off * off / rows.length;
                }
            }
            for (int j = 0; j < mean.length; j++) {
                // A value that never changes says nothing: it stays 0.
                deviation[j] = deviation[j] > 0 ? Math.sqrt(deviation[j]) : 1;
            }
            return new Standardization(mean, deviation);
        }

        double[] apply(float[] row) {
            double[] standard = new double[row.length];
            for (int j = 0; j < row.length; j++) {
                standard[j] = (row[j] - mean[j]) / deviation[j];
            }
            return standard;
        }
    }
}
