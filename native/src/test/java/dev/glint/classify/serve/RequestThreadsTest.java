package dev.glint.classify.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class RequestThreadsTest {

    @Test
    void threadsAreVirtualWhereThereAreSuch() {
        try (RequestThreads threads = new RequestThreads(1)) {
            String thread = CompletableFuture.supplyAsync(
                            () -> Thread.currentThread().toString(), threads)
                    .join();

            assertEquals(Runtime.version().feature() >= 21, thread.startsWith("VirtualThread["), thread);
        }
    }

    @Test
    void beyondTheLimitWorkIsRefusedUntilSomeIsDone() throws InterruptedException {
        try (RequestThreads threads = new RequestThreads(1)) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            threads.execute(() -> {
                begun.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            begun.await();

            assertThrows(RejectedExecutionException.class, () -> threads.execute(() -> {}));

            end.countDown();
            CountDownLatch done = new CountDownLatch(1);
            while (done.getCount() > 0) {
                try {
                    threads.execute(done::countDown);
                    done.await();
                } catch (RejectedExecutionException e) {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
