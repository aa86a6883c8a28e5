package dev.glint.trainer.report;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.model.Softmax;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.fit.ConfusionMatrix;
import dev.glint.trainer.fit.Evaluator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a model says of the pictures that judge a finished one, {@link DataSplit#test}.
 *
 * @param matrix which class was taken for which
 * @param loss mean cross entropy, natural logarithm
 * @param answers of every picture, in the order of the set
 */
record Judgement(ConfusionMatrix matrix, double loss, List<Answer> answers) {

    /**
     * What is said of one picture.
     *
     * @param picture its place in the set
     * @param label its class
     * @param predicted the most probable class
     * @param probability of {@code predicted}, 0 to 1
     */
    record Answer(int picture, int label, int predicted, double probability) {
        boolean isRight() {
            return label == predicted;
        }
    }

    /**
     * Asks a block about the test pictures of a split.
     *
     * @param flip whether a picture is judged together with its mirror image
     */
    static Judgement judge(Block block, NDManager manager, Preprocessor preprocessor, DataSplit data, boolean flip) {
        int classes = data.labels().size();
        int[][] counts = new int[classes][classes];
        List<Answer> answers = new ArrayList<>(data.test().size());
        double[] loss = new double[1];
        Evaluator.answer(block, manager, preprocessor, data.test(), flip, (logits, batch) -> {
            for (int i = 0; i < batch.size(); i++) {
                double[] probabilities = Softmax.probabilities(logits, i * classes, classes);
                int predicted = argmax(probabilities);
                int label = batch.label(i);
                counts[label][predicted]++;
                loss[0] += Softmax.crossEntropy(logits, i * classes, classes, label);
                answers.add(new Answer(answers.size(), label, predicted, probabilities[predicted]));
            }
        });
        return new Judgement(
                new ConfusionMatrix(data.labels(), counts), loss[0] / answers.size(), List.copyOf(answers));
    }

    /** The wrong answers that the model was surest of, the surest first. */
    List<Answer> surestMistakes(int limit) {
        return answers.stream()
                .filter(answer -> !answer.isRight())
                .sorted(Comparator.comparingDouble(Answer::probability).reversed())
                .limit(limit)
                .toList();
    }

    private static int argmax(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
