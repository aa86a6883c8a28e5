package dev.glint.runtime.benchmark;

import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.Resampler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Decodes a file and resizes it to 224x224 once for each line on standard input, and answers with the nanoseconds of
 * both, so that a script can measure something else in turn.
 */
public final class PictureTimer {
    private PictureTimer() {}

    /** Takes the file as its only argument. */
    public static void main(String[] args) throws IOException {
        byte[] encoded = Files.readAllBytes(Path.of(args[0]));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            long start = System.nanoTime();
            Image image = ImageDecoder.decode(encoded, DecodeOptions.defaults());
            long decoded = System.nanoTime();
            Image small = Resampler.resize(image, 224, 224, Interpolation.BILINEAR);
            long resized = System.nanoTime();
            System.out.println((decoded - start) + " " + (resized - decoded) + " " + small.sample(0, 0, 0));
        }
    }
}
