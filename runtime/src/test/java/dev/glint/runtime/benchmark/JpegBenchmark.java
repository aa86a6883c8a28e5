package dev.glint.runtime.benchmark;

import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.jpeg.JpegDecoder;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.Resampler;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Decoding a JPEG file, beside the JDK's decoder (libjpeg 6b in C, without vector code).
 *
 * <pre>{@code
 * ./mvnw -q -pl runtime test-compile dependency:build-classpath -Dmdep.outputFile=target/benchmark.classpath
 * java -cp runtime/target/test-classes:runtime/target/classes:$(cat runtime/target/benchmark.classpath) \
 *     org.openjdk.jmh.Main JpegBenchmark -p file=photo.jpg
 * }</pre>
 *
 * <p>{@code time_jpeg.py} makes a file of 12 megapixels and measures against Pillow.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class JpegBenchmark {
    /** The picture. */
    @Param("photo-12-megapixels.jpg")
    public String file;

    private byte[] encoded;

    /** Reads the file. */
    @Setup
    public void read() throws IOException {
        encoded = Files.readAllBytes(Path.of(file));
    }

    /** The whole way to the pixels of a tensor. */
    @Benchmark
    public Image decodeAndResize() {
        return Resampler.resize(decode(), 224, 224, Interpolation.BILINEAR);
    }

    /** The same way where the contract says {@code scaled}. */
    @Benchmark
    public Image decodeScaledAndResize() {
        return Resampler.resize(JpegDecoder.decode(encoded, PictureTimer.SCALED), 224, 224, Interpolation.BILINEAR);
    }

    /** Glint's decoder. */
    @Benchmark
    public Image decode() {
        return JpegDecoder.decode(encoded, DecodeOptions.defaults());
    }

    /** The JDK's decoder. */
    @Benchmark
    public BufferedImage decodeByImageIo() throws IOException {
        return ImageIO.read(new ByteArrayInputStream(encoded));
    }
}
