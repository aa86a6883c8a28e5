package dev.glint.runtime.decode.jpeg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.Resources;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What must hold for whatever bytes come, and how much memory an honest file takes. */
class JpegRobustnessTest {
    private static final int MUTATIONS = 6000;
    private static final DecodeLimits SMALL = new DecodeLimits(250_000, 1 << 20, 4096, 1);

    @Test
    void onlyOneExceptionLeavesTheDecoder() {
        List<byte[]> seeds = Resources.lines(JpegFiles.FOLDER + "files.tsv").stream()
                .map(line -> JpegFiles.bytes(line.split("\t")[0]))
                .toList();
        Random random = new Random(20260101);
        int decoded = 0;
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = mutate(seeds.get(random.nextInt(seeds.size())), random);
            for (boolean lenient : new boolean[] {false, true}) {
                DecodeOptions options =
                        new DecodeOptions(DecodeOptions.defaults().sixteenBit(), lenient, SMALL);
                try {
                    JpegDecoder.decode(mutated, options);
                    decoded++;
                } catch (GlintException e) {
                    refused++;
                }
            }
        }
        assertTrue(decoded > MUTATIONS / 4 && refused > MUTATIONS / 4, decoded + " decoded, " + refused + " refused");
    }

    /** Lenient decoding changes nothing about an intact file, and strict decoding nothing about the lenient pixels. */
    @Test
    void strictAcceptsOnlyWhatLenientReadsAlike() {
        Random random = new Random(7);
        byte[] seed = JpegFiles.bytes("restart-3B-progressive.jpg");
        int accepted = 0;
        for (int i = 0; i < 1500; i++) {
            byte[] mutated = mutate(seed, random);
            Image strict;
            try {
                strict = JpegDecoder.decode(
                        mutated, new DecodeOptions(DecodeOptions.defaults().sixteenBit(), false, SMALL));
            } catch (GlintException e) {
                continue;
            }
            accepted++;
            Image lenient = JpegDecoder.decode(
                    mutated, new DecodeOptions(DecodeOptions.defaults().sixteenBit(), true, SMALL));
            assertArrayEquals(lenient.samples(), strict.samples());
        }
        assertTrue(accepted > 100, accepted + " accepted");
    }

    @Test
    void singleScanTakesLittleMoreThanThePicture() {
        int width = 4000;
        int height = 3000;
        byte[] encoded = JpegFiles.gray(width, height, 0x22, 0x11, 0x11);
        JpegDecoder.decode(JpegFiles.gray(16, 16, 0x22, 0x11, 0x11), DecodeOptions.defaults());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Image image = JpegDecoder.decode(encoded, DecodeOptions.defaults());
        long beside = threads.getCurrentThreadAllocatedBytes() - before - image.samples().length;
        assertTrue(beside < 8_000_000, beside + " bytes beside the picture");
    }

    private static byte[] mutate(byte[] seed, Random random) {
        byte[] bytes = seed.clone();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int at = 2 + random.nextInt(bytes.length - 2);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(at, 20));
                case 3 -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(32), bytes.length - Math.max(at, from));
                    System.arraycopy(bytes.clone(), from, bytes, at, length);
                }
                case 4 -> bytes[at] = (byte) 0xff;
                default -> {
                    bytes[at - 1] = (byte) 0xff;
                    bytes[at] = (byte) (0xc0 + random.nextInt(64));
                }
            }
        }
        return bytes;
    }
}
