package dev.glint.trainer.weights.torch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.pickle.PickleReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StateDictVocabularyTest {
    /** Whatever is changed: one declared exception, or a pickle that still makes sense. */
    @Test
    void damageIsReportedAsSuch() {
        byte[] pickle = new PthWriter()
                .code('}')
                .text("w")
                .tensor("0", 2, 0, new int[] {2}, new int[] {1})
                .pickle();
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = Arrays.copyOf(pickle, pickle.length + 1);
            changed[pickle.length] = '.';
            for (int j = random.nextInt(4); j >= 0; j--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            readOrRefuse(changed);
        }
    }

    private static void readOrRefuse(byte[] pickle) {
        try {
            PickleReader.read(ByteBuffer.wrap(pickle), new StateDictVocabulary());
        } catch (GlintException e) {
            assertTrue(e.reason() == Reason.INPUT || e.reason() == Reason.LIMIT, e.getMessage());
        }
    }
}
