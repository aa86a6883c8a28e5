package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.glint.trainer.data.Batch;
import dev.glint.trainer.data.DataSplit;
import java.util.List;

/**
 * The cross entropy of a batch: the mean of {@code -log(softmax(logits)[class])}, weighted by the class. A mixed picture
 * counts as a part of a picture of each of its classes. With class weights, the mean is that of PyTorch's {@code
 * CrossEntropyLoss(weight)}: the sum of weighted losses by the sum of weights.
 */
final class CrossEntropy {
    private final List<Double> classWeights;
    private final boolean weighted;

    CrossEntropy(DataSplit data) {
        this.classWeights = data.classWeights();
        this.weighted = data.weighted();
    }

    /**
     * The loss, one value.
     *
     * @param logits (N, classes)
     * @param manager takes what is needed on the way
     */
    NDArray of(NDArray logits, Batch batch, NDManager manager) {
        Shape column = new Shape(batch.size(), 1);
        NDArray logProbabilities = logits.logSoftmax(1);
        NDArray classes = manager.create(batch.classes(), column, DataType.INT64);
        if (!batch.mixed() && !weighted) {
            return logProbabilities.gather(classes, 1).mean().neg();
        }
        float[] first = new float[batch.size()];
        float[] second = new float[batch.size()];
        weigh(batch, first, second);
        NDArray loss = logProbabilities.gather(classes, 1).mul(manager.create(first, column));
        if (batch.mixed()) {
            NDArray others = manager.create(batch.otherClasses(), column, DataType.INT64);
            loss = loss.add(logProbabilities.gather(others, 1).mul(manager.create(second, column)));
        }
        return loss.sum().neg();
    }

    /** What each picture's two classes count, all together 1. */
    private void weigh(Batch batch, float[] first, float[] second) {
        double sum = 0;
        for (int i = 0; i < first.length; i++) {
            sum += batch.share(i) * classWeights.get(batch.firstLabel(i));
            sum += (1 - batch.share(i)) * classWeights.get(batch.otherLabel(i));
        }
        for (int i = 0; i < first.length; i++) {
            first[i] = (float) (batch.share(i) * classWeights.get(batch.firstLabel(i)) / sum);
            second[i] = (float) ((1 - batch.share(i)) * classWeights.get(batch.otherLabel(i)) / sum);
        }
    }
}
