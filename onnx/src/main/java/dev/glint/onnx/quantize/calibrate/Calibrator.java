package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import java.util.List;
import java.util.Optional;

/**
 * Decides the range of an activation from what was seen of it. Cutting off what is rare leaves more integers for what is
 * not. Every range lies within the extremes, or between them and 0.
 */
public sealed interface Calibrator
        permits MinMaxCalibrator,
                MovingAverageCalibrator,
                PercentileCalibrator,
                MeanSquareCalibrator,
                EntropyCalibrator {

    /** From the smallest to the largest element: nothing is cut off. */
    Calibrator MINMAX = new MinMaxCalibrator();

    /**
     * From the average of the smallest elements of each batch to that of the largest. (Jacob et al., "Quantization and
     * Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018, section 3.1.)
     */
    Calibrator MOVING_AVERAGE = new MovingAverageCalibrator();

    /**
     * The range with the least squared error of the elements. (Shin, Hwang, Sung, "Fixed-point performance analysis of
     * recurrent neural networks", 2015; Banner, Nahshan, Soudry, "Post training 4-bit quantization of convolutional
     * networks for rapid-deployment", 2019.)
     */
    Calibrator MSE = new MeanSquareCalibrator();

    /**
     * The range behind which the distribution of the elements is least surprising to who knows that before it: with the
     * least Kullback-Leibler divergence. (Migacz, "8-bit Inference with TensorRT", GPU Technology Conference 2017.)
     */
    Calibrator ENTROPY = new EntropyCalibrator();

    /** The share of elements, in percent, that recipes mostly keep. */
    double USUAL_PERCENTILE = 99.99;

    /**
     * Leaves out the largest elements. (Wu et al., "Integer Quantization for Deep Learning Inference: Principles and
     * Empirical Evaluation", 2020, section 5.)
     *
     * @param percent the share of the elements that stays in the range, above 50, at most 100
     */
    static Calibrator percentile(double percent) {
        return new PercentileCalibrator(percent);
    }

    /** Those that a model's is chosen from, the simplest first. */
    static List<Calibrator> candidates() {
        return List.of(MINMAX, MOVING_AVERAGE, percentile(99.9), percentile(USUAL_PERCENTILE), ENTROPY, MSE);
    }

    /** The calibrator of a name, such as {@code minmax} or {@code percentile=99.9}; empty if there is none. */
    static Optional<Calibrator> named(String name) {
        if (name.equals(PercentileCalibrator.NAME)) {
            return Optional.of(percentile(USUAL_PERCENTILE));
        }
        if (name.startsWith(PercentileCalibrator.NAME + "=")) {
            return PercentileCalibrator.read(name.substring(PercentileCalibrator.NAME.length() + 1));
        }
        return candidates().stream()
                .filter(calibrator -> calibrator.name().equals(name))
                .findFirst();
    }

    /** As options and manifests name it; {@link #named} knows it. */
    String name();

    /**
     * The range that integers are to reach over.
     *
     * @param scheme of the activation
     */
    Range range(TensorStatistics statistics, TensorScheme scheme);
}
