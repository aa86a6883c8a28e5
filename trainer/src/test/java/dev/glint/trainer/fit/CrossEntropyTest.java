package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.Labels;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.NaturalInput;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrossEntropyTest {
    private static final DataSplit BARS = DataSpec.parse("bars").open(1);
    private static final Preprocessor PREPROCESSOR =
            new Preprocessor(DataSpec.parse("bars").contract(NaturalInput.BARS, BARS.labels()));

    /** Against the sum over pictures and classes of weight times share times -log(probability), by the sum of weights. */
    @ParameterizedTest
    @CsvSource({
        "none, 1, 1, 0",
        "none, 1, 3.5, 0",
        "mixup=1, 1, 1, 0",
        "cutmix, 0.5, 2, 0",
        "none, 1, 1, 0.1",
        "none, 1, 3.5, 0.2"
    })
    void equalsItsDefinition(String augmentations, double first, double second, double smoothing) {
        List<Double> weights = List.of(first, second);
        DataSplit data = new DataSplit(BARS.labels(), BARS.train(), BARS.heldOut(), BARS.test(), weights);
        PictureSource source = new HostPictures(BARS.train(), PREPROCESSOR);
        try (NDManager manager = TorchEngine.newManager(1);
                Batches batches = source.ofEpoch(16, 1, 1, Augmentations.parse(augmentations))) {
            InputBatch input = Objects.requireNonNull(batches.next());
            Labels batch = input.labels();
            float[] logits = new float[32];
            Random random = new Random(1);
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) (3 * random.nextGaussian());
            }
            NDArray loss =
                    new CrossEntropy(data, smoothing).loss(manager.create(logits, new Shape(16, 2)), input, manager);
            double sum = 0;
            double total = 0;
            for (int i = 0; i < 16; i++) {
                double[] shares = new double[2];
                shares[batch.firstLabel(i)] += batch.share(i);
                shares[batch.otherLabel(i)] += 1 - batch.share(i);
                double normalizer = Math.log(Math.exp(logits[2 * i]) + Math.exp(logits[2 * i + 1]));
                for (int c = 0; c < 2; c++) {
                    double smooth = (1 - smoothing) * shares[c] + smoothing / 2;
                    sum += weights.get(c) * smooth * (normalizer - logits[2 * i + c]);
                    total += weights.get(c) * shares[c];
                }
            }
            assertEquals(sum / total, loss.getFloat(), 1e-5);
        }
    }
}
