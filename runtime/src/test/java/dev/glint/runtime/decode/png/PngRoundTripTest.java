package dev.glint.runtime.decode.png;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.image.SixteenBitRule;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every colour type, bit depth, interlacing, transparency and awkward size, written here sample by sample. */
class PngRoundTripTest {
    private static final int[] CHANNELS = {1, 0, 3, 1, 2, 0, 4};

    /** One kind of file; colour type by its code. */
    record Kind(int colorType, int depth, boolean interlaced, boolean transparency, int width, int height) {
        int channels() {
            return CHANNELS[colorType];
        }

        /** Sample of the file, at its bit depth. */
        int stored(int x, int y, int c) {
            int i = 2 * ((y * width + x) * channels() + c);
            int value = SyntheticPictures.noise(i) << 8 | SyntheticPictures.noise(i + 1);
            return colorType == 3 ? value % Math.min(PALETTE_SIZE, 1 << depth) : value & ((1 << depth) - 1);
        }
    }

    private static final int PALETTE_SIZE = 200;

    static List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>();
        int[][] depths = {{1, 2, 4, 8, 16}, {}, {8, 16}, {1, 2, 4, 8}, {8, 16}, {}, {8, 16}};
        int[][] sizes = {{1, 1}, {3, 2}, {5, 9}, {16, 8}, {33, 17}};
        for (int colorType = 0; colorType < depths.length; colorType++) {
            for (int depth : depths[colorType]) {
                for (int[] size : sizes) {
                    for (boolean interlaced : new boolean[] {false, true}) {
                        kinds.add(new Kind(colorType, depth, interlaced, false, size[0], size[1]));
                        if (colorType < 4) {
                            kinds.add(new Kind(colorType, depth, interlaced, true, size[0], size[1]));
                        }
                    }
                }
            }
        }
        return kinds;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void decodesWhatWasStored(Kind kind) {
        byte[] file = encode(kind);
        for (SixteenBitRule rule : SixteenBitRule.values()) {
            Image image = ImageDecoder.decode(file, new DecodeOptions(rule, false, DecodeLimits.defaults()));
            assertEquals(kind.width, image.width());
            assertEquals(kind.height, image.height());
            assertEquals(mode(kind), image.mode());
            assertArrayEquals(expected(kind, rule), image.samples());
        }
    }

    private static Mode mode(Kind kind) {
        boolean alpha = kind.transparency || kind.colorType >= 4;
        return kind.colorType % 4 == 0 ? (alpha ? Mode.GRAY_ALPHA : Mode.GRAY) : (alpha ? Mode.RGBA : Mode.RGB);
    }

    private static byte[] expected(Kind kind, SixteenBitRule rule) {
        ByteArrayOutputStream samples = new ByteArrayOutputStream();
        for (int y = 0; y < kind.height; y++) {
            for (int x = 0; x < kind.width; x++) {
                boolean key = kind.transparency;
                for (int c = 0; c < kind.channels(); c++) {
                    int stored = kind.stored(x, y, c);
                    key &= stored == kind.stored(0, 0, c);
                    if (kind.colorType == 3) {
                        for (int color = 0; color < 3; color++) {
                            samples.write(palette(stored, color));
                        }
                    } else if (kind.depth == 16) {
                        boolean clip = kind.colorType == 0 && rule == SixteenBitRule.AS_PILLOW;
                        samples.write(clip ? Math.min(255, stored) : stored >> 8);
                    } else {
                        samples.write(stored * 255 / ((1 << kind.depth) - 1));
                    }
                }
                if (kind.transparency) {
                    boolean palette = kind.colorType == 3;
                    samples.write(palette ? paletteAlpha(kind.stored(x, y, 0)) : key ? 0 : 255);
                }
            }
        }
        return samples.toByteArray();
    }

    private static int palette(int entry, int color) {
        return entry * (7 + 2 * color) + color & 0xff;
    }

    /** The tRNS chunk written below is shorter than the palette. */
    private static int paletteAlpha(int entry) {
        return entry < 100 ? 255 - entry : 255;
    }

    private static byte[] encode(Kind kind) {
        PngFile file = new PngFile()
                .header(kind.width, kind.height, kind.depth, kind.colorType, kind.interlaced ? 1 : 0)
                .chunk("gAMA", new byte[] {0, 0, 1, 0})
                .chunk("teSt", new byte[3]);
        if (kind.colorType == 3) {
            file.chunk("PLTE", paletteChunk(Math.min(PALETTE_SIZE, 1 << kind.depth)));
        }
        if (kind.transparency) {
            file.chunk("tRNS", transparencyChunk(kind));
        }
        byte[] stream = PngFile.deflate(rows(kind));
        int half = stream.length / 2;
        return file.chunk("IDAT", Arrays.copyOf(stream, half))
                .chunk("IDAT", new byte[0])
                .chunk("IDAT", Arrays.copyOfRange(stream, half, stream.length))
                .end();
    }

    private static byte[] paletteChunk(int entries) {
        byte[] palette = new byte[3 * entries];
        for (int i = 0; i < palette.length; i++) {
            palette[i] = (byte) palette(i / 3, i % 3);
        }
        return palette;
    }

    private static byte[] transparencyChunk(Kind kind) {
        if (kind.colorType == 3) {
            byte[] alphas = new byte[Math.min(100, 1 << kind.depth)];
            for (int i = 0; i < alphas.length; i++) {
                alphas[i] = (byte) paletteAlpha(i);
            }
            return alphas;
        }
        byte[] key = new byte[2 * kind.channels()];
        for (int c = 0; c < kind.channels(); c++) {
            key[2 * c] = (byte) (kind.stored(0, 0, c) >> 8);
            key[2 * c + 1] = (byte) kind.stored(0, 0, c);
        }
        return key;
    }

    private static byte[] rows(Kind kind) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int pass = 1; pass <= (kind.interlaced ? 7 : 1); pass++) {
            byte[] above = new byte[0];
            int filter = 4;
            for (int y = 0; y < kind.height; y++) {
                List<Integer> columns = new ArrayList<>();
                for (int x = 0; x < kind.width; x++) {
                    if (pass(x, y, kind.interlaced) == pass) {
                        columns.add(x);
                    }
                }
                if (!columns.isEmpty()) {
                    byte[] row = pack(kind, columns, y);
                    filter = (filter + 1) % 5;
                    writeFiltered(out, filter, row, above.length == 0 ? new byte[row.length] : above, kind);
                    above = row;
                }
            }
        }
        return out.toByteArray();
    }

    /** The pass of a pixel, by the 8x8 pattern that the specification draws (section 8.1). */
    private static int pass(int x, int y, boolean interlaced) {
        String[] pattern = {
            "16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"
        };
        return interlaced ? pattern[y % 8].charAt(x % 8) - '0' : 1;
    }

    private static byte[] pack(Kind kind, List<Integer> columns, int y) {
        int bits = columns.size() * kind.channels() * kind.depth;
        byte[] row = new byte[(bits + 7) / 8];
        int at = 0;
        for (int x : columns) {
            for (int c = 0; c < kind.channels(); c++) {
                int value = kind.stored(x, y, c);
                for (int bit = kind.depth - 1; bit >= 0; bit--, at++) {
                    row[at / 8] |= (byte) ((value >> bit & 1) << (7 - at % 8));
                }
            }
        }
        return row;
    }

    /** The filters as the specification defines them (section 9.2). */
    private static void writeFiltered(ByteArrayOutputStream out, int filter, byte[] row, byte[] above, Kind kind) {
        out.write(filter);
        int step = Math.max(1, kind.channels() * kind.depth / 8);
        for (int i = 0; i < row.length; i++) {
            int a = i < step ? 0 : row[i - step] & 0xff;
            int b = above[i] & 0xff;
            int c = i < step ? 0 : above[i - step] & 0xff;
            int[] predicted = {0, a, b, (a + b) / 2, paeth(a, b, c)};
            out.write(row[i] - predicted[filter]);
        }
    }

    private static int paeth(int a, int b, int c) {
        int p = a + b - c;
        int nearest = a;
        if (Math.abs(p - b) < Math.abs(p - nearest)) {
            nearest = b;
        }
        return Math.abs(p - c) < Math.abs(p - nearest) ? c : nearest;
    }
}
