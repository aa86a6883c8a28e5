package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
    private static final int RIVALS = 4;
    private static final int TAKEN = 500;

    @TempDir
    private Path run;

    @Test
    void oneHoldsItUntilItIsGivenBack() throws IOException {
        RunLock first = RunLock.acquire(run);
        GlintException e = assertThrows(GlintException.class, () -> RunLock.acquire(run));
        assertTrue(e.getMessage().contains("another process"), e.getMessage());
        first.close();

        RunLock.requireFree(run);
        RunLock.acquire(run).close();
    }

    @Test
    void whoTakesItAsItIsGivenBackIsAlone() throws Exception {
        AtomicInteger holders = new AtomicInteger();
        Callable<Integer> rival = () -> {
            int most = 0;
            for (int taken = 0; taken < TAKEN; ) {
                try {
                    RunLock lock = RunLock.acquire(run);
                    most = Math.max(most, holders.incrementAndGet());
                    Thread.yield();
                    holders.decrementAndGet();
                    lock.close();
                    taken++;
                } catch (GlintException anotherHasIt) {
                    Thread.yield();
                }
            }
            return most;
        };
        ExecutorService rivals = Executors.newFixedThreadPool(RIVALS);
        try {
            List<Future<Integer>> seen = new ArrayList<>();
            for (int i = 0; i < RIVALS; i++) {
                seen.add(rivals.submit(rival));
            }
            for (Future<Integer> most : seen) {
                assertEquals(1, most.get());
            }
        } finally {
            rivals.shutdownNow();
        }
    }
}
