package dev.glint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
    @Test
    void everySeedUseAndIndexHasItsOwnStream() {
        Set<Long> first = new HashSet<>();
        for (long seed = -50; seed < 50; seed++) {
            for (RandomStream use : RandomStream.values()) {
                for (int index = 0; index < 20; index++) {
                    first.add(use.open(seed, index).nextLong());
                }
            }
        }
        assertEquals(100 * RandomStream.values().length * 20, first.size());
    }

    @Test
    void aStreamIsTheSameOnEveryJdk() {
        // Computed apart from Java: the mixer thrice, then the generator that java.util.Random specifies.
        assertEquals(-4931718824252686427L, RandomStream.WEIGHTS.open(1, 0).nextLong());
    }
}
