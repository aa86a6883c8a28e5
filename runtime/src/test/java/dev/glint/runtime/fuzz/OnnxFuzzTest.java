package dev.glint.runtime.fuzz;

import static dev.glint.runtime.testing.OnnxGraphs.whole;
import static dev.glint.runtime.testing.OnnxGraphs.wholes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.onnx.Initializer;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.onnx.OnnxLimits;
import dev.glint.runtime.testing.OnnxGraphs;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the bytes are, nothing but {@link GlintException} leaves the reader of ONNX files, and what it lets through fits
 * its limits. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl runtime test -Dtest='OnnxFuzzTest#onnx' -Djazzer.hooks=true -Dtest.jvm.options=-Xmx512m
 * </pre>
 */
class OnnxFuzzTest {
    private static final OnnxLimits LIMITS = new OnnxLimits(1 << 16, 1000, 1000, 3, 1 << 20, 1 << 22);

    static Stream<byte[]> seeds() throws IOException {
        Path tiny = Files.createTempFile("tiny", ".onnx");
        try {
            return Stream.of(
                    growing(),
                    Files.readAllBytes(TinyModel.write(tiny)),
                    Files.readAllBytes(
                            SharedData.projectRoot().resolve("edge-samples/models/cifar10-small-vgg/int8.onnx")));
        } finally {
            Files.delete(tiny);
        }
    }

    /** Operators that make more than they take, by what constants and attributes say. */
    private static byte[] growing() {
        return new OnnxGraphs(4, 6, 8)
                .longs("sizes", 1, 2, 3, 4)
                .longs("pads", 0, 0, 1, 2, 0, 0, 3, -1)
                .floats("scales", new float[] {1, 1, 2, 1.5f}, 4)
                .floats("w", new float[4 * 5 * 3 * 2], 5, 4, 3, 2)
                .node("ConstantOfShape", "zeros", "sizes")
                .node("Tile", "tiles", "input", "sizes")
                .node("Expand", "wide", "scales", "sizes")
                .node("Pad", "padded", "input", "pads")
                .node("Resize", "large", "padded", "", "scales")
                .node("Concat", "both", whole("axis", 1), "input", "input")
                .node("Range", "numbers", "scales", "scales", "scales")
                .node("OneHot", "hot", "sizes", "scales", "scales")
                .node("Gather", "gathered", whole("axis", 2), "both", "sizes")
                .node("Reshape", "row", "both", "sizes")
                .node("Transpose", "turned", wholes("perm", 0, 3, 2, 1), "both")
                .node("MatMul", "product", "input", "turned")
                .node("Unsqueeze", "more", "both", "sizes")
                .node("Conv", "seen", wholes("pads", 1, 2, 3, 4), "input", "w")
                .node("ConvTranspose", "back", wholes("strides", 2, 3), "seen", "w")
                .node("Flatten", "logits", "back")
                .build(10);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void onnx(byte[] data) {
        try {
            OnnxFile file = OnnxFile.parse(ByteBuffer.wrap(data), LIMITS);
            file.metadata("glint.contract");
            for (Initializer tensor : file.graph().initializers()) {
                long elements = tensor.shape().stream().reduce(1L, Math::multiplyExact);
                assertTrue(elements <= LIMITS.elements());
                assertEquals(elements, tensor.elements());
            }
            for (Initializer tensor : file.graph().initializers()) {
                copy(tensor);
            }
        } catch (GlintException e) {
            // Refused, as most are.
        }
    }

    private static void copy(Initializer tensor) {
        int elements = (int) tensor.elements();
        switch (tensor.kind()) {
            case FLOAT -> tensor.copyFloats(new float[elements]);
            case UINT8, INT8 -> tensor.copyBytes(new byte[elements]);
            default -> tensor.copyIntegers(new long[elements]);
        }
    }
}
