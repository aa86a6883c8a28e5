package dev.glint.runtime.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.engine.glint.GlintEngine;
import dev.glint.runtime.engine.glint.PortableKernels;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.onnx.OnnxLimits;
import dev.glint.runtime.onnx.ValueInfo;
import dev.glint.runtime.testing.RandomNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the graph is, Glint's own engine runs it or says why not, and nothing but {@link GlintException} leaves it. To search with
 * Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl runtime test -Dtest='EngineFuzzTest#graph' -Djazzer.hooks=true -Dtest.jvm.options=-Xmx1g
 * </pre>
 */
class EngineFuzzTest {
    private static final OnnxLimits LIMITS = new OnnxLimits(1 << 16, 1000, 1000, 3, 1 << 20, 1 << 22);

    /** What a search can wait for. */
    private static final GlintEngine ENGINE = new GlintEngine(new PortableKernels()).withLimit(5e6);

    static Stream<byte[]> seeds() throws IOException {
        Stream<byte[]> drawn = LongStream.range(0, 40)
                .boxed()
                .flatMap(seed -> Stream.of(RandomNetwork.draw(seed, false), RandomNetwork.draw(seed, true)));
        return Stream.concat(OnnxFuzzTest.seeds(), drawn);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void graph(byte[] data) {
        try {
            OnnxFile onnx = OnnxFile.parse(ByteBuffer.wrap(data), LIMITS);
            Optional<Signature> signature = signature(onnx);
            if (signature.isPresent() && ENGINE.refusal(onnx, signature.get()).isEmpty()) {
                run(onnx, signature.get());
            }
        } catch (GlintException e) {
            // Refused, as most are.
        }
    }

    private static void run(OnnxFile onnx, Signature signature) {
        Path file = Path.of("fuzz.onnx");
        try (Session session = ENGINE.open(file, onnx, signature, new EngineOptions(1, true));
                Binding binding = session.bind(1)) {
            for (int i = 0; i < binding.input().capacity(); i++) {
                binding.input().put(i, i % 7 - 3);
            }
            binding.run();
            assertTrue(binding.output().remaining() == signature.labels());
        }
    }

    /** As a contract would have it that fits the graph. */
    private static Optional<Signature> signature(OnnxFile onnx) {
        List<ValueInfo> inputs = onnx.graph().inputs();
        List<ValueInfo> outputs = onnx.graph().outputs();
        if (inputs.size() != 1 || outputs.size() != 1) {
            return Optional.empty();
        }
        List<Long> in = inputs.get(0).shape().orElse(List.of());
        List<Long> out = outputs.get(0).shape().orElse(List.of());
        if (in.size() != 4 || out.size() != 2 || !fits(in) || !fits(out)) {
            return Optional.empty();
        }
        return Optional.of(new Signature(
                inputs.get(0).name(),
                outputs.get(0).name(),
                ElementType.FLOAT32,
                Layout.NCHW,
                in.get(1).intValue(),
                in.get(2).intValue(),
                in.get(3).intValue(),
                out.get(1).intValue(),
                true));
    }

    private static boolean fits(List<Long> shape) {
        return shape.stream().skip(1).allMatch(size -> size >= 1 && size <= 256);
    }
}
