package dev.glint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.model.NaturalInput;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchStreamTest {
    private static final Preprocessor PREPROCESSOR =
            new Preprocessor(DataSpec.parse("bars").contract(NaturalInput.BARS, Bars.LABELS));

    /** Picture i is i everywhere, with class i modulo 2. */
    private record Counting(int size) implements PictureSet {
        @Override
        public Image picture(int index) {
            byte[] samples = new byte[144];
            java.util.Arrays.fill(samples, (byte) index);
            return new Image(12, 12, Image.Mode.GRAY, samples);
        }

        @Override
        public int label(int index) {
            return index % 2;
        }
    }

    private static List<List<Integer>> drain(BatchStream stream) {
        List<List<Integer>> batches = new ArrayList<>();
        try (stream) {
            for (Batch batch = stream.next(); batch != null; batch = stream.next()) {
                List<Integer> pictures = new ArrayList<>();
                FloatBuffer tensor = batch.pixels().asFloatBuffer();
                assertEquals(batch.size() * 144, tensor.remaining());
                assertEquals(batch.size() * 8, batch.classes().remaining());
                for (int i = 0; i < batch.size(); i++) {
                    int picture = Math.round((tensor.get(i * 144) + 0.5f) * 127.5f);
                    assertEquals(tensor.get(i * 144), tensor.get(i * 144 + 143));
                    assertEquals(picture % 2, batch.label(i), "class of picture " + picture);
                    assertEquals(picture % 2, batch.classes().getLong(i * 8));
                    pictures.add(picture);
                }
                batches.add(pictures);
            }
            assertNull(stream.next(), "still at the end");
        }
        return batches;
    }

    private static List<Integer> numbers(int size) {
        return java.util.stream.IntStream.range(0, size).boxed().toList();
    }

    @Test
    void inOrderGivesAllAndASmallerLastBatch() {
        List<List<Integer>> batches = drain(BatchStream.inOrder(new Counting(100), PREPROCESSOR, 8, new BatchPool()));
        assertEquals(13, batches.size());
        assertEquals(13, new BatchPlan(100, 8).batches());
        assertEquals(4, batches.get(12).size());
        assertEquals(numbers(100), batches.stream().flatMap(List::stream).toList());
    }

    @Test
    void aBatchThatNoBufferHoldsIsBeyondALimit() {
        GlintException failure = assertThrows(GlintException.class, () -> new BatchPool().take(2_000, 1_024 * 1_024));
        assertEquals(GlintException.Reason.LIMIT, failure.reason());
        assertEquals(
                "found a batch of 8,388,608,000 bytes, expected at most 2,147,483,647; choose smaller batches"
                        + " (--batch-size) or smaller pictures (--size)",
                failure.getMessage());
    }

    @Test
    void aSinglePictureThatIsLeftJoinsTheBatchBeforeIt() {
        assertEquals(List.of(8, 9), sizes(17, 8));
        assertEquals(List.of(3), sizes(3, 2));
        assertEquals(List.of(1, 1, 1), sizes(3, 1));
        assertEquals(List.of(1), sizes(1, 8));
        assertEquals(List.of(8, 8, 2), sizes(18, 8));
    }

    private static List<Integer> sizes(int pictures, int batchSize) {
        List<Integer> sizes = drain(BatchStream.ofEpoch(
                        new Counting(pictures), PREPROCESSOR, batchSize, 1, 1, Augmentations.NONE, new BatchPool()))
                .stream()
                .map(List::size)
                .toList();
        BatchPlan plan = new BatchPlan(pictures, batchSize);
        assertEquals(sizes.size(), plan.batches());
        assertEquals(Collections.max(sizes), plan.largest());
        return sizes;
    }

    /** Memory outside the heap is not made anew for each epoch. */
    @Test
    void theNextEpochFillsTheBatchesOfTheOneBefore() {
        BatchPool pool = new BatchPool();
        Set<Batch> first = batchesOfAnEpoch(pool);
        assertEquals(3, first.size());
        assertEquals(first, batchesOfAnEpoch(pool));
    }

    private static Set<Batch> batchesOfAnEpoch(BatchPool pool) {
        Set<Batch> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        try (BatchStream stream =
                BatchStream.ofEpoch(new Counting(40), PREPROCESSOR, 8, 1, 1, Augmentations.NONE, pool)) {
            for (Batch batch = stream.next(); batch != null; batch = stream.next()) {
                seen.add(batch);
            }
        }
        return Set.copyOf(seen);
    }

    @Test
    void aBatchMayBeLargerThanTheSet() {
        assertEquals(
                List.of(numbers(3)), drain(BatchStream.inOrder(new Counting(3), PREPROCESSOR, 1000, new BatchPool())));
    }

    @Test
    void anEpochShufflesAllPicturesBySeedAndEpoch() {
        List<Integer> first = epoch(1, 1);
        assertNotEquals(numbers(200), first);
        assertEquals(numbers(200), first.stream().sorted().toList());
        assertEquals(first, epoch(1, 1));
        assertNotEquals(first, epoch(1, 2));
        assertNotEquals(first, epoch(2, 1));
    }

    private static List<Integer> epoch(long seed, int epoch) {
        return epoch(seed, epoch, 200);
    }

    private static List<Integer> epoch(long seed, int epoch, int size) {
        return drain(BatchStream.ofEpoch(
                        new Counting(size), PREPROCESSOR, 32, seed, epoch, Augmentations.NONE, new BatchPool()))
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void augmentationDependsOnSeedAndEpochAlone() {
        PictureSet bars = Bars.open(1).train().first(64);
        float[] first = pixels(bars, 1, Augmentations.CROP_FLIP);
        assertTrue(java.util.Arrays.equals(first, pixels(bars, 1, Augmentations.CROP_FLIP)));
        assertTrue(!java.util.Arrays.equals(first, pixels(bars, 2, Augmentations.CROP_FLIP)));
        assertTrue(!java.util.Arrays.equals(first, pixels(bars, 1, Augmentations.NONE)));
    }

    private static float[] pixels(PictureSet set, int epoch, Augmentations augmentations) {
        try (BatchStream stream =
                BatchStream.ofEpoch(set, PREPROCESSOR, set.size(), 1, epoch, augmentations, new BatchPool())) {
            Batch batch = stream.next();
            assertNotNull(batch);
            float[] values = new float[set.size() * 144];
            batch.pixels().asFloatBuffer().get(values);
            return values;
        }
    }

    @Test
    void mixedPicturesHoldTheSharesOfTheirNeighbours() {
        PictureSet set = new Counting(64);
        try (BatchStream stream =
                BatchStream.ofEpoch(set, PREPROCESSOR, 16, 1, 1, Augmentations.parse("mixup=1"), new BatchPool())) {
            List<Integer> order = epoch(1, 1, 64);
            int seen = 0;
            for (Batch batch = stream.next(); batch != null; batch = stream.next()) {
                assertTrue(batch.mixed());
                assertEquals(4L * batch.size(), batch.shares().remaining());
                for (int i = 0; i < batch.size(); i++) {
                    int own = order.get(seen + i);
                    int other = order.get(seen + (i + batch.size() - 1) % batch.size());
                    float share = batch.share(i);
                    double expected = (share * own + (1 - share) * other) / 127.5 - 0.5;
                    assertEquals(expected, batch.pixels().asFloatBuffer().get(i * 144 + 7), 1e-5);
                    assertEquals(own % 2, batch.firstLabel(i));
                    assertEquals(other % 2, batch.otherLabel(i));
                    assertEquals((share < 0.5 ? other : own) % 2, batch.label(i));
                }
                seen += batch.size();
            }
            assertEquals(64, seen);
        }
    }

    @Test
    void whatHappensToAPictureDependsOnNoOther() {
        PictureSet bars = Bars.open(1).train();
        Augmentations all = Augmentations.parse("resized-crop=0.5,alternating-flip,rotate=20,jitter,erase");
        List<Integer> order = new ArrayList<>();
        for (int index : PictureOrder.shuffled(100, RandomStream.SHUFFLE.open(1, 3))) {
            order.add(index);
        }
        float[] hundred = pixels(bars.first(100), 3, all);
        Pipeline alone = new Pipeline(bars, PREPROCESSOR, all, 1, 3);
        Batch batch = new Batch(1, 144);
        for (int place : new int[] {0, 17, 99}) {
            alone.fill(batch, new int[] {order.get(place)}, 0, 1);
            float[] expected = java.util.Arrays.copyOfRange(hundred, place * 144, place * 144 + 144);
            assertArrayEquals(expected, batch.tensor(0));
        }
    }

    @Test
    void alternatingFlipsShowBothSidesInTwoEpochs() {
        PictureSet bars = Bars.open(1).train();
        Batch batch = new Batch(1, 144);
        int mirroredFirst = 0;
        for (int index = 0; index < 200; index++) {
            Image image = bars.picture(index);
            Image mirror = new Image(12, 12, Image.Mode.GRAY, mirrored(image.samples()));
            List<float[]> epochs = new ArrayList<>();
            for (int epoch = 1; epoch <= 3; epoch++) {
                new Pipeline(bars, PREPROCESSOR, Augmentations.parse("alternating-flip"), 1, epoch)
                        .fill(batch, new int[] {index}, 0, 1);
                epochs.add(batch.tensor(0));
            }
            FloatBuffer plain = FloatBuffer.allocate(144);
            PREPROCESSOR.preprocess(image, plain);
            FloatBuffer turned = FloatBuffer.allocate(144);
            PREPROCESSOR.preprocess(mirror, turned);
            boolean first = java.util.Arrays.equals(turned.array(), epochs.get(0));
            mirroredFirst += first ? 1 : 0;
            assertArrayEquals((first ? turned : plain).array(), epochs.get(0));
            assertArrayEquals((first ? plain : turned).array(), epochs.get(1));
            assertArrayEquals(epochs.get(0), epochs.get(2));
        }
        assertEquals(100, mirroredFirst, 30);
    }

    private static byte[] mirrored(byte[] samples) {
        byte[] result = new byte[144];
        for (int i = 0; i < 144; i++) {
            result[i] = samples[i / 12 * 12 + 11 - i % 12];
        }
        return result;
    }

    @Test
    void aFailureReachesTheCaller() {
        IllegalStateException broken = new IllegalStateException("a broken picture");
        PictureSet set = new PictureSet() {
            @Override
            public int size() {
                return 100;
            }

            @Override
            public Image picture(int index) {
                if (index == 50) {
                    throw broken;
                }
                return new Counting(100).picture(index);
            }

            @Override
            public int label(int index) {
                return 0;
            }
        };
        try (BatchStream stream = BatchStream.inOrder(set, PREPROCESSOR, 8, new BatchPool())) {
            for (int i = 0; i < 6; i++) {
                assertNotNull(stream.next());
            }
            assertSame(broken, assertThrows(IllegalStateException.class, stream::next));
        }
    }

    @Test
    void closingEndsTheThread() throws InterruptedException {
        BatchStream stream = BatchStream.inOrder(new Counting(100), PREPROCESSOR, 1, new BatchPool());
        assertNotNull(stream.next());
        stream.close();
        for (int i = 0; i < 500 && fillers() > 0; i++) {
            Thread.sleep(10);
        }
        assertEquals(0, fillers());
    }

    private static long fillers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("glint-batches"))
                .count();
    }
}
