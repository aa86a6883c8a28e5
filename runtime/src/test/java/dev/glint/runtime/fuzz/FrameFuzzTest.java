package dev.glint.runtime.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.frame.FrameReader;
import dev.glint.runtime.frame.MjpegFrameReader;
import dev.glint.runtime.frame.RawFrameReader;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.SixteenBitRule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the bytes are, nothing but {@link GlintException} leaves the readers of streams, and they come to an end; that of motion
 * JPEG cuts the same frames however few bytes come at a time. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl runtime test -Dtest='FrameFuzzTest#mjpeg' -Djazzer.hooks=true -Dtest.jvm.options=-Xmx512m
 * </pre>
 */
class FrameFuzzTest {
    /** Enough for the largest frame of {@link #raw}; small, so that a fuzzer does not spend its time on large pictures. */
    private static final DecodeLimits LIMITS = new DecodeLimits(1 << 14, 1 << 16, 4096, 1 << 12);

    private static final DecodeOptions OPTIONS = new DecodeOptions(SixteenBitRule.AS_PILLOW, true, LIMITS);

    static Stream<byte[]> seeds() {
        List<byte[]> files = Seeds.read("jpg", "jpeg").limit(20).toList();
        List<byte[]> seeds = new ArrayList<>(files);
        for (int i = 1; i < files.size(); i++) {
            seeds.add(joined(files.get(i - 1), files.get(i)));
        }
        return seeds.stream();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void mjpeg(byte[] data) throws IOException {
        List<byte[]> whole = frames(new ByteArrayInputStream(data), data.length);
        List<byte[]> dripping = frames(new Dripping(data), data.length);

        assertTrue(whole.size() == dripping.size());
        for (int i = 0; i < whole.size(); i++) {
            assertArrayEquals(whole.get(i), dripping.get(i));
        }
    }

    static Stream<byte[]> rawSeeds() {
        return Stream.of(
                new byte[] {2, 1}, new byte[] {1, 1, 1, 2, 3, 4, 5, 6}, new byte[] {2, 1, 1, 2, 3, 4, 5, 6, 7});
    }

    /** The size of frames is told by two bytes before them. */
    @MethodSource("rawSeeds")
    @FuzzTest(maxDuration = "20m")
    void raw(byte[] data) throws IOException {
        if (data.length < 2 || data[0] < 1 || data[1] < 1) {
            return;
        }
        byte[] stream = Arrays.copyOfRange(data, 2, data.length);
        int bytes = 3 * data[0] * data[1];
        InputStream in = new ByteArrayInputStream(stream);
        List<byte[]> frames = frames(new RawFrameReader(in, data[0], data[1], LIMITS), stream.length);

        assertEquals((stream.length + bytes - 1) / bytes, frames.size());
        for (int i = 0; i < stream.length / bytes; i++) {
            assertArrayEquals(Arrays.copyOfRange(stream, i * bytes, (i + 1) * bytes), frames.get(i));
        }
    }

    private static List<byte[]> frames(InputStream in, int bytes) throws IOException {
        return frames(new MjpegFrameReader(in, LIMITS), bytes);
    }

    /** The pixels of what can be decoded; nothing for what cannot. */
    private static List<byte[]> frames(FrameReader reader, int bytes) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        // A frame has two bytes at least, a failure has passed one.
        for (int calls = 0; calls <= bytes + 1; calls++) {
            try {
                var frame = reader.next();
                if (frame.isEmpty()) {
                    return frames;
                }
                Image image = frame.get().decode(OPTIONS);
                frames.add(image.samples());
            } catch (GlintException e) {
                frames.add(new byte[0]);
            }
        }
        throw new AssertionError("no end after " + frames.size());
    }

    /** Gives a byte at a time. */
    private static final class Dripping extends ByteArrayInputStream {
        Dripping(byte[] data) {
            super(data);
        }

        @Override
        public synchronized int read(byte[] into, int from, int count) {
            return super.read(into, from, Math.min(1, count));
        }
    }
}
