package dev.glint.runtime.engine.glint;

import static dev.glint.runtime.testing.OnnxGraphs.text;
import static dev.glint.runtime.testing.OnnxGraphs.whole;
import static dev.glint.runtime.testing.OnnxGraphs.wholes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.onnx.OnnxLimits;
import dev.glint.runtime.testing.EngineComparison;
import dev.glint.runtime.testing.OnnxGraphs;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlintEngineTest {
    private static final GlintEngine ENGINE = new GlintEngine(new PortableKernels());
    private static final EngineOptions OPTIONS = new EngineOptions(1, true);

    @TempDir
    private Path folder;

    private static Path shipped() {
        return SharedData.projectRoot().resolve("edge-samples/models/cifar10-small-vgg/int8.onnx");
    }

    private static Optional<String> refusal(OnnxGraphs graph) {
        return GraphForms.refusal(2, graph);
    }

    @Test
    void answersAsOnnxRuntimeDoes() throws IOException {
        EngineComparison tiny = EngineComparison.run(TinyModel.write(folder.resolve("tiny.onnx")), 1, 1);
        assertTrue(tiny.difference() <= 1e-6 * tiny.largest(), tiny::toString);
        for (int batch : new int[] {1, 3}) {
            EngineComparison small = EngineComparison.run(shipped(), batch, batch);
            assertEquals(10 * batch, small.expected().length);
            assertTrue(small.difference() <= 1e-6 * small.largest(), () -> "apart by " + small.difference());
        }
    }

    @Test
    void allocatesNothingForAPicture() {
        OnnxFile onnx = OnnxFile.read(shipped(), OnnxLimits.defaults());
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Session session = ENGINE.open(shipped(), onnx, EngineComparison.signature(onnx), OPTIONS);
                Binding binding = session.bind(1)) {
            // The virtual machine itself allocates now and then: when it links, or replaces code that runs.
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                long measuring = threads.getCurrentThreadAllocatedBytes() - before;
                before = threads.getCurrentThreadAllocatedBytes();
                binding.input();
                binding.run();
                binding.output();
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before - measuring);
            }
            assertEquals(0, least);
        }
    }

    @Test
    void arraysAreHeldAsLongAsTheirBindingLasts() {
        Set<Object> held = Collections.newSetFromMap(new IdentityHashMap<>());
        Kernels kernels = (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "hold" -> assertTrue(held.add(arguments[0]));
                        case "release" -> assertTrue(held.remove(arguments[0]));
                        case "maxPool" -> assertTrue(held.contains(arguments[1]) && held.contains(arguments[2]));
                        default -> {}
                    }
                    return method.invoke(new PortableKernels(), arguments);
                });
        OnnxFile onnx = OnnxFile.read(shipped(), OnnxLimits.defaults());
        try (Session session =
                new GlintEngine(kernels).open(shipped(), onnx, EngineComparison.signature(onnx), OPTIONS)) {
            try (Binding binding = session.bind(1)) {
                binding.run();
                assertFalse(held.isEmpty());
            }
            assertTrue(held.isEmpty());
        }
    }

    /** What is not needed any more makes room: two arrays of the largest activation, not one for each layer. */
    @Test
    void activationsShareArrays() {
        OnnxFile onnx = OnnxFile.read(shipped(), OnnxLimits.defaults());
        MemoryLayout layout = Plan.make(onnx, EngineComparison.signature(onnx)).layout();
        assertTrue(
                IntStream.of(layout.byteSlots()).sum() <= 2 * 64 * 32 * 32, () -> Arrays.toString(layout.byteSlots()));
        assertTrue(IntStream.of(layout.floatSlots()).sum() < 10_000);
    }

    @Test
    void threadsHaveBindingsOfTheirOwn() {
        OnnxFile onnx = OnnxFile.read(shipped(), OnnxLimits.defaults());
        Signature signature = EngineComparison.signature(onnx);
        try (Session session = ENGINE.open(shipped(), onnx, signature, OPTIONS)) {
            float[][] alone =
                    IntStream.range(0, 4).mapToObj(seed -> run(session, seed)).toArray(float[][]::new);
            float[][] together = IntStream.range(0, 4)
                    .parallel()
                    .mapToObj(seed -> run(session, seed))
                    .toArray(float[][]::new);
            for (int i = 0; i < alone.length; i++) {
                assertArrayEquals(alone[i], together[i]);
            }
        }
    }

    private static float[] run(Session session, int seed) {
        try (Binding binding = session.bind(1)) {
            for (int i = 0; i < binding.input().capacity(); i++) {
                binding.input().put(i, (float) Math.sin(i * (seed + 1)));
            }
            binding.run();
            float[] logits = new float[binding.output().remaining()];
            binding.output().get(logits);
            return logits;
        }
    }

    @Test
    void saysWhyItDoesNotTakeAModel() {
        OnnxGraphs unknown =
                new OnnxGraphs(3, 8, 8).node("Einsum", "a", "input").node("Flatten", "logits", "a");
        assertEquals(Optional.of("the operator Einsum"), refusal(unknown));
        assertEquals(Optional.of("auto_pad SAME"), refusal(convolution(text("auto_pad", "SAME"), 2, 3, 3, 3)));
        assertEquals(
                Optional.of("a Conv of 3 channels in 2 groups with weights of [2, 3, 3, 3]"),
                refusal(convolution(whole("group", 2), 2, 3, 3, 3)));
        assertEquals(
                Optional.of("the attribute strides of Conv"),
                refusal(convolution(wholes("strides", -1, 1), 2, 3, 3, 3)));
        assertEquals(Optional.of("a window of 9 over 8"), refusal(convolution(wholes("dilations", 4, 4), 2, 3, 3, 3)));
        assertTrue(refusal(convolution(whole("strides", 1), 2, 3, 3, 3)).isPresent());
        assertTrue(refusal(new OnnxGraphs(3, 8, 8).node("Flatten", "logits", "nothing"))
                .isPresent());
        assertEquals(
                Optional.of("operators of version 5"),
                refusal(convolution(node -> {}, 2, 3, 3, 3).operatorSet(5)));
        assertEquals(Optional.empty(), refusal(convolution(node -> {}, 2, 3, 3, 3)));
    }

    /** A padding of thousands of rows for each of many layers: small files that nobody would see the end of. */
    @Test
    void refusesWorkWithoutEnd() {
        OnnxGraphs graph = new OnnxGraphs(3, 8, 8).floats("w", new float[27 * 3], 3, 3, 3, 3);
        String value = "input";
        for (int i = 0; i < 50; i++) {
            graph.node("Conv", "v" + i, wholes("pads", 80, 80, 80, 80), value, "w");
            value = "v" + i;
        }
        String reason = refusal(graph.node("GlobalAveragePool", "g", value).node("Flatten", "logits", "g"))
                .orElseThrow();
        assertTrue(reason.contains("activations of") || reason.contains("multiply-adds"), reason);
    }

    /** A model that its own contract takes but that this engine does not know ends with the file and the reason. */
    @Test
    void opensNothingThatItDoesNotKnow() {
        OnnxGraphs unknown = new OnnxGraphs(3, 8, 8).node("Einsum", "logits", "input");
        OnnxFile onnx = OnnxFile.parse(ByteBuffer.wrap(unknown.build(2)), OnnxLimits.defaults());
        GlintException failure = assertThrows(
                GlintException.class,
                () -> ENGINE.open(Path.of("strange.onnx"), onnx, EngineComparison.signature(onnx), OPTIONS));
        assertEquals(Reason.MODEL, failure.reason());
        assertEquals(
                "strange.onnx: found the operator Einsum, which Glint's own engine does not know, expected a model that"
                        + " exporter export wrote; leave out --engine, or name ort",
                failure.getMessage());
    }

    @Test
    void leavesLargeModelsToOthers() {
        OnnxFile onnx = OnnxFile.read(shipped(), OnnxLimits.defaults());
        Signature signature = EngineComparison.signature(onnx);
        assertEquals(Optional.empty(), ENGINE.withLimit(1e9).refusal(onnx, signature));
        assertEquals(
                Optional.of("a picture costs 152766976 multiply-adds"),
                ENGINE.withLimit(1e6).refusal(onnx, signature));
    }

    private static OnnxGraphs convolution(Consumer<NodeProto.Builder> more, long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        return new OnnxGraphs(3, 8, 8)
                .floats("w", new float[count], shape)
                .node("Conv", "a", more, "input", "w")
                .node("GlobalAveragePool", "b", "a")
                .node("Flatten", "logits", "b");
    }
}
