package dev.glint.onnx.quantize.calibrate;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.image.Image;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Pictures as a model sees them, 8-bit pixels by the first half of its preprocessing. As many as go into a fixed number of
 * bytes are decoded once only, however often they are asked for: calibration, corrections and baselines look at the same
 * ones. Safe for use by several threads.
 */
public final class KeptPixels implements IntFunction<Image> {
    /** 222 pictures of 224 x 224 in colour. */
    private static final long MAX_BYTES = 32 << 20;

    private final IntFunction<Image> pictures;
    private final Preprocessor preprocessor;
    private final long maxBytes;
    private final Map<Integer, Image> kept = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * Pixels of pictures.
     *
     * @param pictures gives a picture by its index, to any thread
     */
    public KeptPixels(IntFunction<Image> pictures, Preprocessor preprocessor) {
        this(pictures, preprocessor, MAX_BYTES);
    }

    KeptPixels(IntFunction<Image> pictures, Preprocessor preprocessor, long maxBytes) {
        this.pictures = pictures;
        this.preprocessor = preprocessor;
        this.maxBytes = maxBytes;
    }

    /** What makes pixels of pictures, and tensors of pixels. */
    public Preprocessor preprocessor() {
        return preprocessor;
    }

    /** The pixels of a picture by its index. */
    @Override
    public Image apply(int index) {
        Image known = kept.get(index);
        if (known != null) {
            return known;
        }
        Image pixels = preprocessor.toPixels(pictures.apply(index));
        int size = pixels.samples().length;
        if (bytes.addAndGet(size) <= maxBytes) {
            kept.put(index, pixels);
        } else {
            bytes.addAndGet(-size);
        }
        return pixels;
    }
}
