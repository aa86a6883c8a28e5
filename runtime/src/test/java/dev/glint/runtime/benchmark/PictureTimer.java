package dev.glint.runtime.benchmark;

import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.Resampler;
import dev.glint.runtime.image.SixteenBitRule;
import dev.glint.runtime.image.Size;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Decodes a file and resizes it to 224x224 once for each line on standard input, whole and scaled, and answers with the
 * nanoseconds of both, twice, so that a script can measure something else in turn.
 */
public final class PictureTimer {
    /** As a contract says that begins with a resize to 224x224 and decodes scaled pictures. */
    static final DecodeOptions SCALED = new DecodeOptions(
            SixteenBitRule.AS_PILLOW,
            false,
            DecodeLimits.defaults(),
            (width, height, orientation) -> new Size(224, 224));

    private PictureTimer() {}

    /** Takes the file as its only argument. */
    public static void main(String[] args) throws IOException {
        byte[] encoded = Files.readAllBytes(Path.of(args[0]));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            System.out.println(time(encoded, DecodeOptions.defaults()) + " " + time(encoded, SCALED));
        }
    }

    private static String time(byte[] encoded, DecodeOptions options) {
        long start = System.nanoTime();
        Image image = ImageDecoder.decode(encoded, options);
        long decoded = System.nanoTime();
        Image small = Resampler.resize(image, 224, 224, Interpolation.BILINEAR);
        long resized = System.nanoTime();
        return (decoded - start) + " " + (resized - decoded + (small.width() - 224));
    }
}
