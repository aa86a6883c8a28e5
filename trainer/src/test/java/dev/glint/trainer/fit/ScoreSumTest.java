package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import dev.glint.trainer.data.Batch;
import dev.glint.trainer.data.BatchPool;
import dev.glint.trainer.data.BatchStream;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.model.NaturalInput;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreSumTest {
    /** Four blank pictures of classes 0, 1, 0, 1. */
    private static final PictureSet PICTURES = new PictureSet() {
        @Override
        public int size() {
            return 5;
        }

        @Override
        public Image picture(int index) {
            return new Image(12, 12, Image.Mode.GRAY, new byte[144]);
        }

        @Override
        public int label(int index) {
            return index % 2;
        }
    };

    @Test
    void countsTheRightOnesAndAveragesTheCrossEntropy() {
        Preprocessor preprocessor =
                new Preprocessor(DataSpec.parse("bars").contract(NaturalInput.BARS, List.of("a", "b")));
        ScoreSum sum = new ScoreSum();
        try (BatchStream stream = BatchStream.inOrder(PICTURES, preprocessor, 3, new BatchPool())) {
            Batch three = stream.next();
            sum.add(new float[] {2, 0, 2, 0, 200, -200}, three);
            Batch two = stream.next();
            sum.add(new float[] {1, 1, 1, 1}, two);
        }
        Score score = sum.score();
        assertEquals(5, score.pictures());
        assertEquals(3, score.correct(), "right, wrong, right, and a tie goes to the first class");
        assertEquals(0.6, score.accuracy());
        double right = Math.log(1 + Math.exp(-2));
        assertEquals((right + (2 + right) + 0 + 2 * Math.log(2)) / 5, score.loss(), 1e-12);
    }
}
