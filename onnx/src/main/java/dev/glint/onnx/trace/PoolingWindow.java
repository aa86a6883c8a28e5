package dev.glint.onnx.trace;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Where a pool looks: sizes per pooled dimension; the padding is on both sides. An empty stride is the kernel's size. */
record PoolingWindow(long[] kernel, long[] stride, long[] padding) {
    PoolingWindow {
        stride = stride.length == 0 ? kernel : stride;
        padding = padding.length == 0 ? new long[kernel.length] : padding;
    }

    /** As ONNX writes it, with more padding behind the input. */
    Map<String, Attribute> attributes(long[] overhang) {
        long[] end = padding.clone();
        Arrays.setAll(end, i -> padding[i] + overhang[i]);
        Map<String, Attribute> attributes = new TreeMap<>();
        attributes.put("kernel_shape", Call.ints(kernel));
        attributes.put("strides", Call.ints(stride));
        attributes.put(
                "pads",
                Call.ints(LongStream.concat(Arrays.stream(padding), Arrays.stream(end))
                        .toArray()));
        return attributes;
    }

    /** The same window over an input that is padded already. */
    PoolingWindow withoutPadding() {
        return new PoolingWindow(kernel, stride, new long[kernel.length]);
    }

    /** The padding of an input of shape (N, C, ...) as {@code Pad} takes it: all befores, then all afters. */
    Tensor outerPadding() {
        long[] side =
                LongStream.concat(LongStream.of(0, 0), Arrays.stream(padding)).toArray();
        return Tensor.longs(
                LongStream.concat(Arrays.stream(side), Arrays.stream(side)).toArray());
    }
}
