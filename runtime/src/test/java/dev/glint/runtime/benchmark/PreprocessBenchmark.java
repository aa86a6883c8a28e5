package dev.glint.runtime.benchmark;

import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.GeometricStep;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.image.AlphaRule;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.OrientationRule;
import dev.glint.runtime.image.Resampler;
import dev.glint.runtime.image.SixteenBitRule;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From a small PNG file, or 12 megapixels of pixels, to a tensor.
 *
 * <pre>{@code
 * ./mvnw -q -pl runtime test-compile dependency:build-classpath -Dmdep.outputFile=target/benchmark.classpath
 * java -cp runtime/target/test-classes:runtime/target/classes:$(cat runtime/target/benchmark.classpath) \
 *     org.openjdk.jmh.Main PreprocessBenchmark
 * }</pre>
 *
 * <p>{@code time_resize.py} times Pillow's resize of the same sizes in turn.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PreprocessBenchmark {
    private final byte[] smallPng = PngFile.of(SyntheticPictures.noise(32, 32, Image.Mode.RGB));
    private final Image large = SyntheticPictures.noise(4000, 3000, Image.Mode.RGB);
    private final Image largeGray = SyntheticPictures.noise(4000, 3000, Image.Mode.GRAY);
    private final Image turned = new Image(4000, 3000, Image.Mode.RGB, 6, large.samples());
    private final Preprocessor preprocessor = new Preprocessor(new PreprocessContract(
            ColorSpace.RGB,
            new AlphaRule.Drop(),
            OrientationRule.APPLY,
            SixteenBitRule.AS_PILLOW,
            List.of(
                    new GeometricStep.ResizeShorterSide(256, Interpolation.BILINEAR),
                    new GeometricStep.CenterCrop(224, 224)),
            1 / 255.0,
            List.of(0.485, 0.456, 0.406),
            List.of(0.229, 0.224, 0.225),
            224,
            224,
            "input",
            List.of("a", "b")));
    private final FloatBuffer tensor = ByteBuffer.allocateDirect(4 * 3 * 224 * 224)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();

    /** A 32x32 PNG. */
    @Benchmark
    public Image decodeSmallPng() {
        return ImageDecoder.decode(smallPng, DecodeOptions.defaults());
    }

    /** The same by the JDK. */
    @Benchmark
    public BufferedImage decodeSmallPngByImageIo() throws IOException {
        return ImageIO.read(new ByteArrayInputStream(smallPng));
    }

    /** 12 megapixels to 224x224. */
    @Benchmark
    public Image resizeBilinear() {
        return Resampler.resize(large, 224, 224, Interpolation.BILINEAR);
    }

    /** 12 megapixels of gray to 224x224. */
    @Benchmark
    public Image resizeGrayBilinear() {
        return Resampler.resize(largeGray, 224, 224, Interpolation.BILINEAR);
    }

    /** 12 megapixels to 224x224 with the widest filter. */
    @Benchmark
    public Image resizeLanczos() {
        return Resampler.resize(large, 224, 224, Interpolation.LANCZOS);
    }

    /** 12 megapixels through the usual contract of ImageNet models. */
    @Benchmark
    public FloatBuffer preprocess() {
        tensor.clear();
        preprocessor.preprocess(large, tensor);
        return tensor;
    }

    /** The same with a picture that lies on its side. */
    @Benchmark
    public FloatBuffer preprocessTurned() {
        tensor.clear();
        preprocessor.preprocess(turned, tensor);
        return tensor;
    }
}
