package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.glint.trainer.data.Labels;
import dev.glint.trainer.data.PlainLabels;
import java.util.stream.IntStream;

/**
 * What the steps of a fit gave. To read a value from a GPU means to wait until it has done all it was given; so the values
 * of many steps are read together, and the GPU always has something to do. On a CPU, where nothing is gained by that, each
 * step's values are read at once.
 */
final class StepResults implements AutoCloseable {
    private static final int GPU_STEPS = 50;

    private final ScoreSum sum = new ScoreSum();
    private final NDManager manager;
    private final int stepsPerReading;
    private final NDList losses = new NDList();
    private final NDList logits = new NDList();
    private IntStream.Builder labels = IntStream.builder();
    private float loss;
    private int steps;

    /**
     * Nothing yet.
     *
     * @param stepsPerReading how many steps' values are read together, at least 1
     */
    StepResults(NDManager owner, int stepsPerReading) {
        this.manager = owner.newSubManager();
        this.stepsPerReading = stepsPerReading;
    }

    /** Read as often as is good for the device of a manager. */
    static StepResults forDevice(NDManager owner) {
        return new StepResults(owner, owner.getDevice().isGpu() ? GPU_STEPS : 1);
    }

    /**
     * Takes what a step gave.
     *
     * @param stepLoss one value
     * @param stepLogits (N, classes)
     * @return whether the losses that were read are finite numbers
     */
    boolean add(NDArray stepLoss, NDArray stepLogits, Labels stepLabels) {
        losses.add(kept(stepLoss));
        logits.add(kept(stepLogits));
        IntStream.range(0, stepLabels.size()).map(stepLabels::label).forEach(labels::add);
        return losses.size() < stepsPerReading ? Float.isFinite(loss) : read();
    }

    /** Without the graph behind it, which is freed with the step. */
    private NDArray kept(NDArray array) {
        NDArray kept = array.stopGradient();
        kept.attach(manager);
        return kept;
    }

    /**
     * Reads what was not read yet, up to a loss that is no finite number.
     *
     * @return whether the losses are finite numbers
     */
    boolean read() {
        if (!losses.isEmpty()) {
            float[] values = floats(NDArrays.stack(losses));
            int step = 0;
            do {
                loss = values[step++];
            } while (Float.isFinite(loss) && step < values.length);
            steps += step;
            if (Float.isFinite(loss)) {
                int[] classes = labels.build().toArray();
                sum.add(floats(NDArrays.concat(logits)), new PlainLabels(classes, 0, classes.length));
            }
            losses.close();
            logits.close();
            labels = IntStream.builder();
        }
        return Float.isFinite(loss);
    }

    private static float[] floats(NDArray array) {
        try (array) {
            return array.toFloatArray();
        }
    }

    /** The loss of the last step that was read. */
    float loss() {
        return loss;
    }

    /** How many steps were read, up to a loss that is no finite number. */
    int steps() {
        return steps;
    }

    /** The score of the steps that were read. */
    Score score() {
        return sum.score();
    }

    @Override
    public void close() {
        manager.close();
    }
}
