package dev.glint.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What makes pictures larger: interpolation and transposed convolution; and PReLU, which PyTorch's engine lacks as well. */
final class ResampleRules {
    /** The numbers that DJL has for ways to interpolate; what it makes of 3, cubic, is nothing that ONNX has. */
    private static final Map<Integer, String> MODES = Map.of(0, "nearest", 1, "linear");

    private static final int AREA = 2;

    record Interpolation(long[] size, int mode, boolean alignCorners) {}

    record Transposed(
            RecordedArray input,
            RecordedArray weight,
            @Nullable RecordedArray bias,
            Shape stride,
            Shape padding,
            Shape outPadding,
            Shape dilation,
            int groups) {}

    record Parametric(RecordedArray input, RecordedArray slope) {}

    private ResampleRules() {}

    static void addTo(RuleBook book) {
        book.add("interpolation", Interpolation.class, ResampleRules::interpolation);
        book.add("deconvolution", Transposed.class, ResampleRules::transposed, ResampleRules::answer);
        book.add("prelu", Parametric.class, ResampleRules::prelu, ResampleRules::answer);
    }

    /** Sizes as the engine's result has them. DJL's PyTorch engine never aligns corners, whatever it is told. */
    private static void interpolation(Call call, Interpolation asked) {
        long[] from = call.self().shape();
        long[] to = call.result().shape();
        if (asked.mode() == AREA && from.length == 4) {
            means(call, from, to);
            return;
        }
        String mode = MODES.get(asked.mode());
        if (mode == null || from.length != 4) {
            throw call.unsupported("mode " + asked.mode() + " of " + from.length + " dimensions");
        }
        String coordinates = mode.equals("nearest") ? "asymmetric" : "pytorch_half_pixel";
        float[] scales = {1, 1, (float) to[2] / from[2], (float) to[3] / from[3]};
        call.define(
                "Resize",
                List.of(call.value(call.self()), "", call.recorder().constant(Tensor.floats(List.of(4L), scales))),
                Map.of(
                        "mode",
                        new Attribute.Text(mode),
                        "coordinate_transformation_mode",
                        new Attribute.Text(coordinates),
                        "nearest_mode",
                        new Attribute.Text("floor")));
    }

    /** The mean over areas: of areas of equal size that is pooling. */
    private static void means(Call call, long[] from, long[] to) {
        if (from[2] % to[2] != 0 || from[3] % to[3] != 0) {
            throw call.unsupported("a mean over areas of " + from[2] + " x " + from[3] + " elements to " + to[2] + " x "
                    + to[3] + ", which do not divide them");
        }
        long[] kernel = {from[2] / to[2], from[3] / to[3]};
        call.define(
                "AveragePool",
                List.of(call.value(call.self())),
                Map.of("kernel_shape", Call.ints(kernel), "strides", Call.ints(kernel)));
    }

    /** Weights of shape (in, out / groups, ...), as both PyTorch and ONNX have them. */
    private static void transposed(Call call, Transposed layer) {
        requireWeights(layer);
        long[] padding = layer.padding().getShape();
        List<String> inputs = new ArrayList<>(List.of(call.value(layer.input()), call.value(layer.weight())));
        if (layer.bias() != null) {
            inputs.add(call.value(layer.bias()));
        }
        call.defineLayer(
                "ConvTranspose",
                layer.weight(),
                inputs,
                Map.of(
                        "kernel_shape",
                        Call.ints(kernel(layer.weight().shape())),
                        "strides",
                        Call.ints(layer.stride().getShape()),
                        "pads",
                        Call.ints(LongStream.concat(Arrays.stream(padding), Arrays.stream(padding))
                                .toArray()),
                        "output_padding",
                        Call.ints(layer.outPadding().getShape()),
                        "dilations",
                        Call.ints(layer.dilation().getShape()),
                        "group",
                        Attribute.integer(layer.groups())));
    }

    /** DJL's own block makes weights of another shape, unless it gives as many channels as it takes. */
    private static void requireWeights(Transposed layer) {
        long given = layer.input().shape()[1];
        if (layer.weight().shape()[0] != given) {
            throw new IllegalArgumentException(
                    "weights for " + layer.weight().shape()[0] + " channels, not for " + given);
        }
    }

    private static long[] kernel(long[] weight) {
        return Arrays.stream(weight).skip(2).toArray();
    }

    /**
     * A transposed convolution as the gradient of a convolution is computed: zeros between the elements, then a convolution
     * with the kernel turned around. (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016.)
     */
    private static NDList answer(Transposed layer) {
        requireWeights(layer);
        NDArray input = layer.input().real();
        NDArray weight = layer.weight().real();
        int spatial = weight.getShape().dimension() - 2;
        NDArray spread = input;
        long[] sides = new long[2 * spatial];
        for (int i = 0; i < spatial; i++) {
            spread = spread(spread, 2 + i, layer.stride().get(i));
            long reach = layer.dilation().get(i) * (weight.getShape().get(2 + i) - 1)
                    - layer.padding().get(i);
            if (reach < 0) {
                throw new IllegalArgumentException("a padding that is larger than the kernel");
            }
            int side = 2 * (spatial - 1 - i);
            sides[side] = reach;
            sides[side + 1] = reach + layer.outPadding().get(i);
        }
        int[] turned = new int[spatial];
        Arrays.setAll(turned, i -> 2 + i);
        NDArray kernel = grouped(weight.flip(turned), layer.groups());
        long[] ones = new long[spatial];
        Arrays.fill(ones, 1);
        return input.getNDArrayInternal()
                .convolution(
                        spread.pad(new Shape(sides), 0),
                        kernel,
                        layer.bias() == null ? null : layer.bias().real(),
                        new Shape(ones),
                        new Shape(new long[spatial]),
                        layer.dilation(),
                        layer.groups());
    }

    /** Zeros between the elements along a dimension. */
    private static NDArray spread(NDArray array, int axis, long stride) {
        if (stride == 1) {
            return array;
        }
        NDArray deeper = array.expandDims(axis + 1);
        NDList parts = new NDList(deeper);
        for (long i = 1; i < stride; i++) {
            parts.add(deeper.zerosLike());
        }
        NDArray joined = NDArrays.concat(parts, axis + 1);
        long[] shape = array.getShape().getShape();
        shape[axis] *= stride;
        long kept = shape[axis] - stride + 1;
        return joined.reshape(new Shape(shape)).split(new long[] {kept}, axis).get(0);
    }

    /** (in, out / groups, ...) to (out, in / groups, ...). */
    private static NDArray grouped(NDArray weight, int groups) {
        NDList parts = weight.split(groups, 0);
        NDList swapped = new NDList();
        parts.forEach(part -> swapped.add(part.swapAxes(0, 1)));
        return NDArrays.concat(swapped, 0);
    }

    private static void prelu(Call call, Parametric layer) {
        call.defineLayer("PRelu", layer.slope(), List.of(call.value(layer.input()), slopes(call, layer)), Map.of());
    }

    /** A slope for each channel, in a shape that stretches over the others. */
    private static String slopes(Call call, Parametric layer) {
        NDArray slope = layer.slope().real();
        int rank = layer.input().rank();
        if (slope.size() == 1 || rank <= 2) {
            return call.value(layer.slope());
        }
        String name = layer.slope().parameter();
        NDArray shaped = stretched(slope, rank);
        return call.recorder().ownConstant(name == null ? "slope" : name, Recorder.tensor(shaped));
    }

    private static NDArray stretched(NDArray slope, int rank) {
        long[] shape = new long[rank - 1];
        Arrays.fill(shape, 1);
        shape[0] = slope.size();
        return slope.reshape(new Shape(shape));
    }

    private static NDList answer(Parametric layer) {
        NDArray input = layer.input().real();
        NDArray slope = layer.slope().real();
        NDArray shaped = slope.size() == 1 || input.getShape().dimension() <= 2
                ? slope
                : stretched(slope, input.getShape().dimension());
        return new NDList(input.maximum(0).add(input.minimum(0).mul(shaped)));
    }
}
