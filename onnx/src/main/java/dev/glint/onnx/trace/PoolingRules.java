package dev.glint.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.trace.Arguments.None;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Pools over a window, or over all that there is. */
final class PoolingRules {
    record MaxPool(Shape kernel, Shape stride, Shape padding, boolean ceilMode) {}

    record AveragePool(Shape kernel, Shape stride, Shape padding, boolean ceilMode, boolean countPadding) {}

    record LpPool(float norm, Shape kernel, Shape stride, Shape padding, boolean ceilMode) {}

    record Norm(float norm) {}

    private PoolingRules() {}

    static void addTo(RuleBook book) {
        book.add("maxPool", MaxPool.class, PoolingRules::maxPool);
        book.add("avgPool", AveragePool.class, PoolingRules::averagePool);
        book.add("lpPool", LpPool.class, PoolingRules::lpPool);
        book.add("globalAvgPool", None.class, (call, none) -> global(call, "GlobalAveragePool", Map.of()));
        book.add("globalMaxPool", None.class, (call, none) -> global(call, "GlobalMaxPool", Map.of()));
        book.add(
                "globalLpPool",
                Norm.class,
                (call, pool) -> global(call, "GlobalLpPool", Map.of("p", evenNorm(call, pool.norm()))));
    }

    private static void maxPool(Call call, MaxPool pool) {
        PoolingWindow window = window(pool.kernel(), pool.stride(), pool.padding());
        call.define("MaxPool", List.of(call.value(call.self())), window.attributes(overhang(call, window)));
    }

    /**
     * PyTorch counts the padding but never what a last window in ceil mode reaches behind it; ONNX counts both or
     * neither, so with both at once the padding becomes a step of its own.
     */
    private static void averagePool(Call call, AveragePool pool) {
        PoolingWindow window = window(pool.kernel(), pool.stride(), pool.padding());
        long[] overhang = overhang(call, window);
        boolean countPadding = countsPadding(call, pool);
        String input = call.value(call.self());
        if (countPadding && Arrays.stream(overhang).anyMatch(n -> n > 0)) {
            input = call.emit("Pad", List.of(input, call.recorder().constant(window.outerPadding())), Map.of());
            window = window.withoutPadding();
            countPadding = false;
        }
        Map<String, Attribute> attributes = window.attributes(overhang);
        attributes.put("count_include_pad", Attribute.integer(countPadding ? 1 : 0));
        call.define("AveragePool", List.of(input), attributes);
    }

    /** Whether the engine counts padding, which it may do whatever it was told: a mean of ones is 1 where it does not. */
    private static boolean countsPadding(Call call, AveragePool pool) {
        NDArray ones = call.self().real().onesLike();
        NDArray means = ones.getNDArrayInternal()
                .avgPool(pool.kernel(), pool.stride(), pool.padding(), pool.ceilMode(), pool.countPadding());
        return means.min().getFloat() < 1 - 1e-3;
    }

    private static void lpPool(Call call, LpPool pool) {
        long[] none = new long[pool.kernel().dimension()];
        PoolingWindow window =
                new PoolingWindow(pool.kernel().getShape(), pool.stride().getShape(), none);
        if (Arrays.stream(overhang(call, window)).anyMatch(n -> n > 0)) {
            throw call.unsupported("ceil mode");
        }
        Map<String, Attribute> attributes = window.attributes(none);
        attributes.put("p", evenNorm(call, pool.norm()));
        call.define("LpPool", List.of(call.value(call.self())), attributes);
    }

    /** PyTorch raises without taking the absolute value first, so only an even norm is the one that ONNX has. */
    private static Attribute evenNorm(Call call, float norm) {
        if (norm % 2 != 0 || norm <= 0) {
            throw call.unsupported("norm " + norm);
        }
        return Attribute.integer((long) norm);
    }

    private static PoolingWindow window(Shape kernel, Shape stride, Shape padding) {
        return new PoolingWindow(kernel.getShape(), stride.getShape(), padding.getShape());
    }

    /** How far the last window reaches behind the padded input, per dimension: more than 0 in ceil mode only. */
    private static long[] overhang(Call call, PoolingWindow window) {
        long[] input = call.self().shape();
        long[] output = call.result().shape();
        long[] overhang = new long[window.kernel().length];
        for (int i = 0; i < overhang.length; i++) {
            long needed = (output[i + 2] - 1) * window.stride()[i] + window.kernel()[i];
            overhang[i] = Math.max(0, needed - input[i + 2] - 2 * window.padding()[i]);
        }
        return overhang;
    }

    /** DJL's global pools drop the dimensions that they pool. */
    private static void global(Call call, String op, Map<String, Attribute> attributes) {
        String pooled = call.emit(op, List.of(call.value(call.self())), attributes);
        call.define("Flatten", List.of(pooled), Map.of("axis", Attribute.integer(1)));
    }
}
