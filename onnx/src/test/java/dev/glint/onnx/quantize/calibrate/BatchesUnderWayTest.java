package dev.glint.onnx.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.testing.Graphs;
import dev.glint.onnx.testing.NumberedTensors;
import dev.glint.onnx.testing.RandomTensors;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesUnderWayTest {
    private static final OnnxModel RELU =
            OnnxModel.fromGraph(new Graphs().node("Relu", "y", "x").build(), Map.of());
    private static final TensorSource PICTURES = new RandomTensors(7, 1, 2, 6, 6);

    /** The same pictures; something happens before each. */
    private static TensorSource watched(TensorSource pictures, IntConsumer before) {
        return new TensorSource() {
            @Override
            public int size() {
                return pictures.size();
            }

            @Override
            public long[] shape() {
                return pictures.shape();
            }

            @Override
            public void put(int index, FloatBuffer target) {
                before.accept(index);
                pictures.put(index, target);
            }
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void batchesAreSeenInTheirOrderThoughALaterOneIsReadyFirst() {
        List<Float> seen = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        CountDownLatch secondBatch = new CountDownLatch(1);
        TensorSource numbered = watched(new NumberedTensors(7, 2, 6, 6), index -> {
            if (index == 2) {
                secondBatch.countDown();
            } else if (index == 0) {
                await(secondBatch);
            }
        });
        try (OnnxSession session = OnnxSession.open(RELU, 1)) {
            new BatchesUnderWay(session, numbered, 2).visit((tensor, outputs, shape) -> {
                sizes.add(shape[0]);
                seen.add(tensor.get(0));
                outputs.visit((name, values, dimensions) -> {
                    assertEquals("y", name);
                    assertArrayEquals(shape, dimensions);
                    assertEquals(tensor, values);
                });
            });
        }

        assertEquals(List.of(0f, 2f, 4f, 6f), seen);
        assertEquals(List.of(2L, 2L, 2L, 1L), sizes);
    }

    @Test
    void whatFailsInAPictureOrInAVisitorIsWhatTheCallerHearsOf() {
        IllegalStateException broken = new IllegalStateException("broken picture");
        TensorSource breaking = watched(PICTURES, index -> {
            if (index >= 4) {
                throw broken;
            }
        });
        List<Float> seen = new ArrayList<>();
        try (OnnxSession session = OnnxSession.open(RELU, 1)) {
            assertSame(
                    broken,
                    assertThrows(
                            IllegalStateException.class,
                            () -> new BatchesUnderWay(session, breaking, 2)
                                    .visit((tensor, outputs, shape) -> seen.add(tensor.get(0)))));
            assertEquals(2, seen.size());

            UnsupportedOperationException refused = new UnsupportedOperationException();
            assertSame(
                    refused,
                    assertThrows(
                            UnsupportedOperationException.class,
                            () -> new BatchesUnderWay(session, PICTURES, 2).visit((tensor, outputs, shape) -> {
                                throw refused;
                            })));
        }
    }

    /** Else the caller would close the session under a batch that still runs. */
    @Test
    void whatFailsWaitsForTheBatchThatIsUnderWay() throws InterruptedException {
        CountDownLatch secondBatch = new CountDownLatch(1);
        CountDownLatch failed = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        TensorSource slow = watched(PICTURES, index -> {
            threads.add(Thread.currentThread());
            if (index == 2) {
                secondBatch.countDown();
                await(failed);
                ended.set(true);
            }
        });
        try (OnnxSession session = OnnxSession.open(RELU, 1)) {
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> new BatchesUnderWay(session, slow, 2).visit((tensor, outputs, shape) -> {
                        await(secondBatch);
                        CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS)
                                .execute(failed::countDown);
                        throw new UnsupportedOperationException();
                    }));
            assertTrue(ended.get());
        }
        for (Thread thread : threads) {
            thread.join(10_000);
            assertFalse(thread.isAlive(), "a thread that nobody ends");
        }
    }

    @Test
    void whatIsMeasuredDoesNotDependOnWhichBatchIsReadyFirst() {
        CalibrationRun run = new CalibrationRun(new RandomTensors(64, 3, 2, 6, 6), done -> {});
        List<TensorStatistics> seen = IntStream.range(0, 5)
                .mapToObj(i -> run.statistics(RELU, Set.of("y")).get("y"))
                .toList();

        for (TensorStatistics again : seen) {
            assertEquals(seen.get(0).extremes(), again.extremes());
            assertEquals(seen.get(0).averageExtremes(), again.averageExtremes());
            assertArrayEquals(
                    seen.get(0).histogram().counts(), again.histogram().counts());
        }
    }
}
