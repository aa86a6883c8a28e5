package dev.glint.trainer.fit;

import dev.glint.runtime.model.Softmax;
import dev.glint.trainer.data.Labels;

/** Sums up a {@link Score} from the logits of batch after batch. */
final class ScoreSum {
    private int pictures;
    private int correct;
    private double loss;

    /** Adds a batch. */
    void add(float[] logits, Labels batch) {
        int classes = logits.length / batch.size();
        for (int i = 0; i < batch.size(); i++) {
            int start = i * classes;
            int best = start;
            for (int j = start + 1; j < start + classes; j++) {
                if (logits[j] > logits[best]) {
                    best = j;
                }
            }
            int label = batch.label(i);
            correct += best - start == label ? 1 : 0;
            loss += Softmax.crossEntropy(logits, start, classes, label);
        }
        pictures += batch.size();
    }

    Score score() {
        return new Score(pictures, correct, loss / pictures);
    }
}
