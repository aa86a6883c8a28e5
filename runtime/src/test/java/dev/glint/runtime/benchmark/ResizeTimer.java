package dev.glint.runtime.benchmark;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.Resampler;
import dev.glint.runtime.testing.SyntheticPictures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * For each line {@code width height toWidth toHeight filter} on standard input resizes a picture of noise and answers with
 * the nanoseconds of processor time that took, so that {@code time_resize.py} can measure Pillow in turn.
 */
public final class ResizeTimer {
    private ResizeTimer() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Image picture = SyntheticPictures.noise(1, 1, Image.Mode.RGB);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            int width = Integer.parseInt(words[0]);
            int height = Integer.parseInt(words[1]);
            if (picture.width() != width || picture.height() != height) {
                picture = SyntheticPictures.noise(width, height, Image.Mode.RGB);
            }
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Image resized = Resampler.resize(
                    picture, Integer.parseInt(words[2]), Integer.parseInt(words[3]), Interpolation.valueOf(words[4]));
            long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
            System.out.println(nanos + " " + resized.sample(0, 0, 0));
        }
    }
}
