package dev.glint.runtime.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.common.ExifOrientation;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageFormat;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.decode.raw.PixelFormat;
import dev.glint.runtime.decode.raw.RawPixels;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.SixteenBitRule;
import dev.glint.runtime.image.Size;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the bytes are, nothing but {@link GlintException} leaves a decoder, its header and its pixels agree, and what
 * the strict mode accepts the lenient mode decodes to the same pixels. As a plain test every seed and every finding in
 * {@code src/test/resources/dev/glint/runtime/fuzz} is tried. To search for new ones with Jazzer, one target at a time:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl runtime test -Dtest='DecoderFuzzTest#png' -Djazzer.hooks=true -Dtest.jvm.options=-Xmx512m
 * </pre>
 *
 * That runs for 20 minutes and puts a finding into the folder {@code DecoderFuzzTestInputs/png} of those resources.
 */
class DecoderFuzzTest {
    private static final String DURATION = "20m";

    /** Small, so that a fuzzer does not spend its time on large pictures. */
    private static final DecodeLimits LIMITS = new DecodeLimits(1 << 16, 1 << 18, 4096, 1 << 12);

    private static final DecodeOptions STRICT = new DecodeOptions(SixteenBitRule.AS_PILLOW, false, LIMITS);
    private static final DecodeOptions LENIENT = new DecodeOptions(SixteenBitRule.HIGH_BYTE, true, LIMITS);
    private static final DecodeOptions STRICT_HIGH_BYTE = new DecodeOptions(SixteenBitRule.HIGH_BYTE, false, LIMITS);

    static Stream<byte[]> pngSeeds() {
        return Seeds.read("png");
    }

    static Stream<byte[]> jpegSeeds() {
        return Seeds.read("jpg", "jpeg");
    }

    static Stream<byte[]> bmpSeeds() {
        return Seeds.read("bmp");
    }

    static Stream<byte[]> pnmSeeds() {
        return Seeds.read("pbm", "pgm", "ppm", "pam");
    }

    static Stream<byte[]> exifSeeds() {
        return Seeds.exif();
    }

    @MethodSource("pngSeeds")
    @FuzzTest(maxDuration = DURATION)
    void png(byte[] data) {
        check(ImageFormat.PNG, data);
    }

    @MethodSource("jpegSeeds")
    @FuzzTest(maxDuration = DURATION)
    void jpeg(byte[] data) {
        if (!ImageFormat.detect(data).equals(Optional.of(ImageFormat.JPEG))) {
            return;
        }
        Optional<Image> strict = checked(data, STRICT);
        Optional<Image> lenient = checked(data, LENIENT);
        same(strict, lenient);
        checkScaled(data, STRICT, strict);
        checkScaled(data, LENIENT, lenient);
    }

    @MethodSource("bmpSeeds")
    @FuzzTest(maxDuration = DURATION)
    void bmp(byte[] data) {
        check(ImageFormat.BMP, data);
    }

    @MethodSource("pnmSeeds")
    @FuzzTest(maxDuration = DURATION)
    void pnm(byte[] data) {
        check(ImageFormat.PNM, data);
    }

    @MethodSource("exifSeeds")
    @FuzzTest(maxDuration = DURATION)
    void exif(byte[] data) {
        int start = data.length == 0 ? 0 : data[0] & 3;
        ExifOrientation.find(data, start, Math.max(0, data.length - start))
                .ifPresent(orientation -> assertTrue(orientation >= 1 && orientation <= 8));
    }

    static Stream<byte[]> rawSeeds() {
        return Stream.of(
                new byte[] {2, 4, 2, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, new byte[] {0, 1, 1, 3, 7, 8, 9});
    }

    /** Whatever fits its claims becomes a picture of that size. */
    @MethodSource("rawSeeds")
    @FuzzTest(maxDuration = DURATION)
    void rawPixels(byte[] data) {
        if (data.length < 4) {
            return;
        }
        PixelFormat format = PixelFormat.values()[(data[0] & 0xff) % PixelFormat.values().length];
        try {
            Image image = new RawPixels(
                            format, data[1], data[2], data[3] & 0xff, Arrays.copyOfRange(data, 4, data.length))
                    .toImage();
            assertEquals(data[1], image.width());
            assertEquals(data[2], image.height());
        } catch (GlintException e) {
            assertEquals(GlintException.Reason.INPUT, e.reason());
        }
    }

    private static void check(ImageFormat format, byte[] data) {
        if (!ImageFormat.detect(data).equals(Optional.of(format))) {
            return;
        }
        checked(data, STRICT);
        same(decode(data, STRICT_HIGH_BYTE), checked(data, LENIENT));
    }

    private static Optional<Image> checked(byte[] data, DecodeOptions options) {
        Optional<Image> decoded = decode(data, options);
        decoded.ifPresent(image -> agrees(image, ImageDecoder.probe(data, options)));
        return decoded;
    }

    private static void same(Optional<Image> strict, Optional<Image> lenient) {
        strict.ifPresent(image ->
                assertArrayEquals(image.samples(), lenient.orElseThrow().samples()));
    }

    /** What can be decoded whole can be decoded smaller. */
    private static void checkScaled(byte[] data, DecodeOptions options, Optional<Image> whole) {
        for (int divisor : new int[] {2, 4, 8}) {
            Optional<Image> small = decode(data, smaller(options, divisor));
            whole.ifPresent(image -> isScaled(image, small.orElseThrow()));
        }
    }

    private static void isScaled(Image whole, Image small) {
        assertEquals(whole.mode(), small.mode());
        assertTrue(IntStream.of(1, 2, 4, 8)
                .anyMatch(scale -> small.width() == (whole.width() + scale - 1) / scale
                        && small.height() == (whole.height() + scale - 1) / scale));
    }

    private static DecodeOptions smaller(DecodeOptions options, int divisor) {
        return new DecodeOptions(
                options.sixteenBit(),
                options.lenient(),
                options.limits(),
                (width, height, orientation) -> new Size(Math.max(1, width / divisor), Math.max(1, height / divisor)));
    }

    private static void agrees(Image image, ImageInfo info) {
        assertEquals(image.width(), info.width());
        assertEquals(image.height(), info.height());
        assertEquals(image.orientation(), info.orientation());
    }

    private static Optional<Image> decode(byte[] data, DecodeOptions options) {
        try {
            return Optional.of(ImageDecoder.decode(data, options));
        } catch (GlintException e) {
            return Optional.empty();
        }
    }
}
