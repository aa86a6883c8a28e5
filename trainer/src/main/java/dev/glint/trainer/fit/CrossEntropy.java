package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.Labels;
import dev.glint.trainer.engine.Scalars;
import java.util.Arrays;
import java.util.List;

/**
 * The cross entropy of a batch: the mean of {@code -log(softmax(logits)[class])}, weighted by the class. A mixed picture
 * counts as a part of a picture of each of its classes. With class weights, the mean is that of PyTorch's {@code
 * CrossEntropyLoss(weight)}: the sum of weighted losses by the sum of weights. Label smoothing is PyTorch's as well: that
 * share of each label goes to all classes alike, each weighted by its own weight.
 */
final class CrossEntropy {
    private final List<Double> classWeights;
    private final boolean weighted;
    private final double smoothing;

    /**
     * A loss.
     *
     * @param smoothing which share of each label is spread over all classes, 0 or more, below 1
     */
    CrossEntropy(DataSplit data, double smoothing) {
        this.classWeights = data.classWeights();
        this.weighted = data.weighted();
        this.smoothing = smoothing;
    }

    /**
     * The loss, one value.
     *
     * @param logits (N, classes)
     * @param manager takes what is needed on the way
     */
    NDArray loss(NDArray logits, InputBatch batch, NDManager manager) {
        NDArray logProbabilities = logits.logSoftmax(1);
        if (batch.labels().mixed() || weighted) {
            return logProbabilities
                    .mul(manager.create(targets(batch.labels()), logits.getShape()))
                    .sum()
                    .neg();
        }
        NDArray own = logProbabilities.gather(batch.classes().apply(manager), 1).mean();
        if (smoothing == 0) {
            return own.neg();
        }
        Scalars scalars = new Scalars(manager);
        return own.mul(scalars.number(smoothing - 1))
                .sub(logProbabilities.mean().mul(scalars.number(smoothing)));
    }

    /** (N, classes): what each class of each picture counts; without smoothing, all together 1. */
    private float[] targets(Labels batch) {
        int classes = classWeights.size();
        double sum = 0;
        for (int i = 0; i < batch.size(); i++) {
            sum += batch.share(i) * classWeights.get(batch.firstLabel(i));
            sum += (1 - batch.share(i)) * classWeights.get(batch.otherLabel(i));
        }
        float[] targets = new float[batch.size() * classes];
        double[] shares = new double[classes];
        for (int i = 0; i < batch.size(); i++) {
            Arrays.fill(shares, smoothing / classes);
            shares[batch.firstLabel(i)] += (1 - smoothing) * batch.share(i);
            shares[batch.otherLabel(i)] += (1 - smoothing) * (1 - batch.share(i));
            for (int c = 0; c < classes; c++) {
                targets[i * classes + c] = (float) (shares[c] * classWeights.get(c) / sum);
            }
        }
        return targets;
    }
}
