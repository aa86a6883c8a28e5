package dev.glint.runtime.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.image.Image.Mode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CoefficientCacheTest {
    private static final long MEGABYTE = 1 << 20;

    @Test
    void theSameAxisIsComputedOnce() {
        CoefficientCache cache = new CoefficientCache(MEGABYTE);

        Coefficients first = cache.get(500, 224, Interpolation.BILINEAR);

        assertSame(first, cache.get(500, 224, Interpolation.BILINEAR));
        assertNotSame(first, cache.get(500, 224, Interpolation.BICUBIC));
        assertNotSame(first, cache.get(501, 224, Interpolation.BILINEAR));
    }

    @Test
    void whatIsKeptStaysBelowItsBytes() {
        CoefficientCache cache = new CoefficientCache(MEGABYTE);
        long most = 0;
        for (int in = 300; in < 1300; in++) {
            cache.get(in, 224, Interpolation.LANCZOS);
            most = Math.max(most, cache.keptBytes());
        }
        assertTrue(most > MEGABYTE / 2 && most <= MEGABYTE, most + " bytes");
    }

    @Test
    void largeWeightsAreNotKept() {
        CoefficientCache cache = new CoefficientCache(MEGABYTE);

        Coefficients large = cache.get(16_384, 100_000, Interpolation.BILINEAR);

        assertEquals(100_000, large.first().length);
        assertEquals(0, cache.keptBytes());
    }

    @Test
    void severalThreadsKeepTheBoundToo() {
        CoefficientCache cache = new CoefficientCache(MEGABYTE / 4);

        long most = IntStream.range(0, 4000)
                .parallel()
                .mapToLong(i -> {
                    cache.get(200 + i % 300, 64, Interpolation.BILINEAR);
                    return cache.keptBytes();
                })
                .max()
                .orElseThrow();

        assertTrue(most > 0 && most <= MEGABYTE / 4, most + " bytes");
    }

    /** Three of them would keep 47 MB of weights. */
    @Test
    void stripsThatBecomeGiganticLeaveNothingBehind() {
        for (int width = 16_382; width <= 16_384; width++) {
            Image strip = new Image(width, 1, Mode.GRAY, new byte[width]);
            assertEquals(
                    48 * width,
                    Resampler.resize(strip, 48 * width, 48, Interpolation.BILINEAR)
                            .width());
        }
        assertTrue(Resampler.KEPT.keptBytes() <= 8 * MEGABYTE, Resampler.KEPT.keptBytes() + " bytes");
    }
}
