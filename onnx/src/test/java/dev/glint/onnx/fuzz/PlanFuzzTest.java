package dev.glint.onnx.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.QuantizedModel;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.PlanOverrides;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import dev.glint.onnx.testing.Graphs;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a file of overrides says, nothing but {@link GlintException} leaves its reader, and what it accepts can be planned and
 * written: for ranges of any size as well, such as a run or a user may have. As a plain test the seeds and some thousand damaged
 * ones are tried. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl onnx -am test -Dtest='PlanFuzzTest#overrides' -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Djazzer.hooks=true -Dtest.jvm.options='-Xmx512m -Djazzer.instrument=dev.glint.**'
 * </pre>
 */
class PlanFuzzTest {
    private static final Graph GRAPH = new Graphs()
            .convolution("a", "x", 2, 4, true)
            .constant("zero", Tensor.scalar(0))
            .constant("six", Tensor.scalar(6))
            .node("Clip", "b", "a", "zero", "six")
            .node("MaxPool", "m", Map.of("kernel_shape", Attribute.integers(List.of(2L, 2L))), "b")
            .floats("stretch", 4, 1, 1)
            .node("Mul", "s", "m", "stretch")
            .convolution("y", "s", 4, 3, true)
            .build(4);

    static Stream<byte[]> seeds() {
        return Stream.of(
                        QuantizedModel.of(GRAPH, Head.FLOAT, 2, 6, 6)
                                .draft()
                                .toJson()
                                .toString(),
                        "{\"nodes\": {\"a\": \"float\", \"y\": \"integer\"}, \"ranges\": {\"x\": [-1, 6.5], \"b\": [0, 3e38]}}",
                        "{\"activations\": {\"x\": {\"type\": \"s7\", \"symmetry\": \"symmetric\", \"range\": [-3e38, 3e38]},"
                                + " \"b\": {\"range\": [1e-45, 1e-45]}}, \"weights\": {\"a\": {\"type\": \"u2\","
                                + " \"symmetry\": \"asymmetric\", \"granularity\": \"per-tensor\"}}}")
                .map(json -> json.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "24h")
    void overrides(byte[] bytes) {
        PlanOverrides wanted;
        try {
            wanted = PlanOverrides.read(new String(bytes, StandardCharsets.UTF_8));
        } catch (GlintException e) {
            assertEquals(Reason.INPUT, e.reason());
            return;
        }
        Map<String, FloatReason> floats = new LinkedHashMap<>();
        wanted.nodes().forEach((name, reason) -> reason.ifPresent(why -> floats.put(name, why)));
        QuantizationPlan plan =
                QuantizationPlan.derive(new GraphIndex(GRAPH), Profile.int8(Head.FLOAT), wanted.schemes(), floats);
        Map<String, Range> ranges = new LinkedHashMap<>();
        plan.calibrated().forEach(value -> ranges.put(value, wanted.ranges().getOrDefault(value, new Range(-1, 1))));
        QuantizationDraft draft = new QuantizationDraft(OnnxModel.fromGraph(GRAPH, Map.of()), plan, ranges, Map.of());
        draft.write();
        assertEquals(
                floats.keySet().stream().filter(plan.floatNodes()::containsKey).count(),
                floats.keySet().stream()
                        .filter(name -> GRAPH.nodes().stream()
                                .anyMatch(node -> node.name().equals(name)))
                        .count());
        PlanOverrides.read(draft.toJson().toString());
    }

    @Test
    void damagedSeedsAreReadOrRefused() {
        Random random = new Random(1);
        for (byte[] seed : seeds().toList()) {
            for (int i = 0; i < 300; i++) {
                byte[] damaged = seed.clone();
                for (int change = random.nextInt(4); change >= 0; change--) {
                    damaged[random.nextInt(damaged.length)] =
                            (byte) " {}[]\":,0123456789eE-.su".charAt(random.nextInt(24));
                }
                overrides(damaged);
            }
        }
    }
}
