package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.BatchPlan;
import dev.glint.trainer.data.EpochPositions;
import dev.glint.trainer.data.PlainLabels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Pictures whose 8-bit pixels live on a device, which picks the pixels of a batch, augmented, and normalizes them. What it
 * gives is the same, bit for bit, as what {@link HostPictures} gives.
 *
 * <p>A copy to a GPU waits until the GPU has done all it was given. So what differs from epoch to epoch (which picture,
 * row and column each pixel of each batch comes from) goes there at the beginning of the epoch, and nothing in between.
 */
final class DevicePictures implements PictureSource {
    /** Training and held-out pictures together leave a GPU of 4 GB half of its memory. */
    static final long MAX_BYTES = 1L << 30;

    private static final int SAMPLES = 256;
    private static final int UPLOAD_BYTES = 1 << 24;

    private final NDManager manager;
    private final int[] labels;
    private final int channels;
    private final int height;
    private final int width;
    private final NDArray pixels; // (N * H * W, C), 8-bit
    private final NDArray normalized; // (C * 256): each sample of each channel
    private final NDArray channelStarts; // (C): where a channel begins in it

    /**
     * Takes pictures to a device.
     *
     * @param manager of the device; owns the pictures
     */
    DevicePictures(PictureSet pictures, Preprocessor preprocessor, NDManager manager) {
        PreprocessContract contract = preprocessor.contract();
        this.manager = manager;
        this.channels = contract.channels();
        this.height = contract.height();
        this.width = contract.width();
        this.labels = IntStream.range(0, pictures.size()).map(pictures::label).toArray();
        this.pixels = manager.zeros(new Shape(pixelCount(pictures.size()), channels), DataType.UINT8);
        upload(pictures, preprocessor);
        float[] table = new float[channels * SAMPLES];
        long[] starts = new long[channels];
        for (int channel = 0; channel < channels; channel++) {
            starts[channel] = (long) channel * SAMPLES;
            for (int sample = 0; sample < SAMPLES; sample++) {
                table[channel * SAMPLES + sample] = preprocessor.normalized(channel, sample);
            }
        }
        this.normalized = manager.create(table);
        this.channelStarts = manager.create(starts);
    }

    /** Why pictures cannot live on a device, if they cannot: in words for a person. */
    static Optional<String> obstacle(PictureSet pictures, PreprocessContract contract, Augmentations augmentations) {
        long bytes = (long) pictures.size() * contract.tensorSize();
        if (bytes > MAX_BYTES) {
            return Optional.of((bytes >> 20) + " MiB of pictures are more than " + (MAX_BYTES >> 20));
        }
        return augmentations.ofPositions().isPresent()
                ? Optional.empty()
                : Optional.of("the augmentation " + augmentations + " does more than crop and flip");
    }

    private long pixelCount(int pictures) {
        return (long) pictures * height * width;
    }

    private void upload(PictureSet pictures, Preprocessor preprocessor) {
        int bytes = height * width * channels;
        int atOnce = Math.min(labels.length, Math.max(1, UPLOAD_BYTES / bytes));
        ByteBuffer samples = ByteBuffer.allocateDirect(atOnce * bytes).order(ByteOrder.nativeOrder());
        for (int start = 0; start < labels.length; start += atOnce) {
            int first = start;
            int end = Math.min(start + atOnce, labels.length);
            samples.limit((end - first) * bytes);
            IntStream.range(first, end)
                    .parallel()
                    .forEach(index -> samples.put(
                            (index - first) * bytes,
                            pictures.pixels(index, preprocessor).samples()));
            Shape shape = new Shape(pixelCount(end - first), channels);
            try (NDArray part = manager.create(samples, shape, DataType.UINT8)) {
                pixels.set(new NDIndex("{}:{}", pixelCount(first), pixelCount(end)), part);
            }
        }
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public int tensorSize() {
        return channels * height * width;
    }

    @Override
    public Batches inOrder(int batchSize) {
        return new PositionedBatches(EpochPositions.inOrder(labels.length, height, width), batchSize);
    }

    @Override
    public Batches ofEpoch(int batchSize, long seed, int epoch, Augmentations augmentations) {
        return new PositionedBatches(
                EpochPositions.ofEpoch(labels.length, height, width, seed, epoch, augmentations), batchSize);
    }

    /** The batches of an epoch. */
    private final class PositionedBatches implements Batches {
        private final NDManager owner = manager.newSubManager();
        private final BatchPlan plan;
        private final int[] ordered;
        private final NDArray rows; // (N, H): the number of each row's first pixel
        private final NDArray columns; // (N, W)
        private final NDArray classes; // (N, 1)
        private int next;

        PositionedBatches(EpochPositions positions, int batchSize) {
            int[] order = positions.order();
            this.plan = new BatchPlan(order.length, batchSize);
            this.ordered = new int[order.length];
            int[] starts = positions.rows();
            long[] labelsInOrder = new long[order.length];
            for (int place = 0; place < order.length; place++) {
                ordered[place] = labels[order[place]];
                labelsInOrder[place] = ordered[place];
                for (int i = place * height; i < (place + 1) * height; i++) {
                    starts[i] = (order[place] * height + starts[i]) * width;
                }
            }
            this.rows = owner.create(starts, new Shape(order.length, height));
            this.columns = owner.create(positions.columns(), new Shape(order.length, width));
            this.classes = owner.create(labelsInOrder, new Shape(order.length, 1));
        }

        @Override
        public @Nullable InputBatch next() {
            if (next == plan.batches()) {
                return null;
            }
            int start = plan.start(next);
            int end = plan.end(next++);
            NDIndex part = new NDIndex("{}:{}", start, end);
            return new InputBatch(
                    new PlainLabels(ordered, start, end - start),
                    step -> input(rows.get(step, part), columns.get(step, part)),
                    step -> classes.get(step, part));
        }

        @Override
        public void close() {
            owner.close();
        }
    }

    /**
     * The (B, C, H, W) pictures.
     *
     * @param rows (B, H), in a manager that takes all that is made on the way
     * @param columns (B, W)
     */
    private NDArray input(NDArray rows, NDArray columns) {
        NDManager step = rows.getManager();
        long batch = rows.getShape().get(0);
        NDArray places = rows.toType(DataType.INT64, false)
                .expandDims(2)
                .add(columns.toType(DataType.INT64, false).expandDims(1))
                .reshape(-1, 1)
                .broadcast(new Shape(pixelCount((int) batch), channels));
        NDArray samples = pixels.gather(places, 0);
        samples.attach(step);
        NDArray values = normalized.gather(
                samples.toType(DataType.INT64, false).add(channelStarts).flatten(), 0);
        values.attach(step);
        return values.reshape(batch, height, width, channels).transpose(0, 3, 1, 2);
    }
}
