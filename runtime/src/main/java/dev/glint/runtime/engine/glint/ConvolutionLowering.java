package dev.glint.runtime.engine.glint;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Conv, Gemm, MatMul and BatchNormalization: all are convolutions. */
final class ConvolutionLowering {
    /** How far a bias may be from the scale of the sums: what ONNX Runtime lets pass, which then takes it as theirs. */
    private static final float BIAS_TOLERANCE = 0.01f;

    private ConvolutionLowering() {}

    /** One of them, as it stands in the graph. */
    private record Layer(
            ConvolutionShape shape,
            Weights weights,
            @Nullable Constant bias,
            float biasFactor,
            Activation input,
            boolean flat) {

        /** Whether its weights and bias are integers that ONNX Runtime multiplies as such. */
        boolean isInteger() {
            return input.isPlainBytes()
                    && weights.constant().isSymmetric()
                    && weights.factors() == null
                    && (bias == null || biasFactor == 1 && isOfSums(bias));
        }

        /** Whether the integers of a bias can be added to the sums as they are. */
        private boolean isOfSums(Constant encoded) {
            if (!encoded.isEncoded()) {
                return false;
            }
            float[] products = products();
            float[] scales = encoded.scales(products.length);
            for (int i = 0; i < products.length; i++) {
                if (!(Math.abs(scales[i] - products[i]) <= BIAS_TOLERANCE * products[i])) {
                    return false;
                }
            }
            return true;
        }

        /** The scale of each output's sums. */
        float[] products() {
            float[] scales =
                    weights.constant().scales(shape.output().channels()).clone();
            float scale = input.storage().encoding().scale();
            for (int i = 0; i < scales.length; i++) {
                scales[i] *= scale;
            }
            return scales;
        }

        float[] floatBias() {
            int channels = shape.output().channels();
            if (bias == null) {
                return new float[channels];
            }
            float[] values = Constant.repeated(bias.floats(), channels).clone();
            for (int i = 0; i < channels; i++) {
                values[i] *= biasFactor;
            }
            return values;
        }

        int[] integerBias() {
            int[] values = new int[shape.output().channels()];
            if (bias != null) {
                long[] integers = bias.integers();
                for (int i = 0; i < values.length; i++) {
                    values[i] = (int) integers[integers.length == 1 ? 0 : i];
                }
            }
            return values;
        }
    }

    static void convolution(PlanBuilder plan, NodeReader node) {
        Activation input = plan.activation(node.input(0));
        Constant weights = plan.constant(node.input(1));
        int[] sizes = node.sizes("kernel_shape", weights.shape().size() == 4 ? kernel(weights) : new int[2]);
        if (input.isFlat() || weights.shape().size() != 4 || !Arrays.equals(sizes, kernel(weights))) {
            throw new UnsupportedGraph("a Conv with weights of the shape " + weights.shape());
        }
        long groups = node.whole("group", 1);
        FeatureMap map = input.map();
        if (groups < 1 || groups > map.channels() || weights.size(1) * groups != map.channels()) {
            throw new UnsupportedGraph("a Conv of " + map.channels() + " channels in " + groups
                    + " groups with weights of " + weights.shape());
        }
        WindowReader window = WindowReader.read(node, map, sizes[0], sizes[1], false);
        int channels = weights.size(0);
        ConvolutionShape shape = new ConvolutionShape(
                map, new FeatureMap(window.height(), window.width(), channels), window.window(), (int) groups);
        Weights read = new Weights(weights, channels, shape.depth(), false, null);
        lower(plan, new Layer(shape, read, bias(plan, node, channels), 1, input, false), node.output());
    }

    private static int[] kernel(Constant weights) {
        return new int[] {weights.size(2), weights.size(3)};
    }

    private static @Nullable Constant bias(PlanBuilder plan, NodeReader node, int channels) {
        if (!node.hasInput(2)) {
            return null;
        }
        Constant bias = plan.constant(node.input(2));
        if (bias.elements() != 1
                && (bias.elements() != channels || bias.size(bias.shape().size() - 1) != channels)) {
            throw new UnsupportedGraph("a bias of the shape " + bias.shape() + " for " + channels + " outputs");
        }
        return bias;
    }

    static void gemm(PlanBuilder plan, NodeReader node) {
        node.requireWhole("transA", 0, 0);
        boolean outputsFirst = node.whole("transB", 0) != 0;
        dense(plan, node, outputsFirst, node.real("alpha", 1), node.real("beta", 1));
    }

    static void matMul(PlanBuilder plan, NodeReader node) {
        dense(plan, node, false, 1, 1);
    }

    private static void dense(PlanBuilder plan, NodeReader node, boolean outputsFirst, float alpha, float beta) {
        Activation input = plan.activation(node.input(0));
        Constant weights = plan.constant(node.input(1));
        int features = input.map().size();
        if (!input.isFlat() || weights.shape().size() != 2 || weights.size(outputsFirst ? 1 : 0) != features) {
            throw new UnsupportedGraph(
                    node.operator() + " of " + features + " features with weights of the shape " + weights.shape());
        }
        int outputs = weights.size(outputsFirst ? 0 : 1);
        // The features were pixels with channels once, and lie so still: a window that sees all of them.
        FeatureMap map = input.map();
        Window window = new Window(map.height(), map.width(), 1, 1, 0, 0, 1, 1);
        ConvolutionShape shape = new ConvolutionShape(map, new FeatureMap(1, 1, outputs), window, 1);
        float[] factors = null;
        if (alpha != 1) {
            factors = new float[outputs];
            Arrays.fill(factors, alpha);
        }
        Constant bias = node.operator().equals("Gemm") ? bias(plan, node, outputs) : null;
        if (!outputsFirst && weights.isEncoded() && !weights.hasOneScale()) {
            throw new UnsupportedGraph("scales of single outputs in the last axis");
        }
        Weights read = new Weights(weights, outputs, features, !outputsFirst, factors);
        lower(plan, new Layer(shape, read, bias, beta, input, true), node.output());
    }

    private static void lower(PlanBuilder plan, Layer layer, String output) {
        Ending ending = plan.ending(output);
        if (ending.isEncoded() && layer.isInteger()) {
            integers(plan, layer, ending);
        } else if (layer.flat() && layer.isInteger()) {
            logits(plan, layer, ending);
        } else {
            floats(plan, layer, output);
        }
    }

    private static void integers(PlanBuilder plan, Layer layer, Ending ending) {
        Storage from = layer.input().storage();
        ConvolutionShape shape = layer.shape();
        float[] multipliers = layer.products();
        for (int i = 0; i < multipliers.length; i++) {
            multipliers[i] /= ending.requireEncoding().scale();
        }
        Requantization requantization =
                new Requantization(multipliers, ending.requireEncoding().zeroPoint(), ending.min(), ending.max());
        Storage to = new Storage(shape.output(), ending.requireEncoding());
        plan.count(shape, true);
        plan.emit(
                ConvolutionSteps.Bytes.plan(shape, layer.weights(), layer.integerBias(), requantization, from, to),
                to,
                from);
        plan.endWithBytes(ending, to, layer.flat());
    }

    private static void logits(PlanBuilder plan, Layer layer, Ending ending) {
        Storage from = layer.input().storage();
        Storage to = plan.floats(layer.shape().output());
        plan.count(layer.shape(), true);
        float[] scales = layer.products();
        plan.emit(
                ConvolutionSteps.Logits.plan(layer.weights(), layer.integerBias(), scales, ending.clamp(), from, to),
                to,
                from);
        plan.endWithFloats(ending, to, true);
    }

    private static void floats(PlanBuilder plan, Layer layer, String output) {
        Weights weights = layer.weights();
        float[] bias = layer.floatBias();
        String last = output;
        int next = plan.graph().onlyConsumer(output);
        if (next >= 0 && plan.graph().node(next).operator().equals("BatchNormalization")) {
            NodeReader norm = new NodeReader(plan.graph().node(next));
            Affine affine = Affine.read(plan, norm, bias.length);
            weights = affine.fold(weights);
            bias = affine.fold(bias);
            plan.graph().setDone(next);
            last = norm.output();
        }
        Ending ending = plan.ending(last);
        Storage from = plan.numbers(layer.input());
        Storage to = plan.floats(layer.shape().output());
        plan.count(layer.shape(), false);
        plan.emit(ConvolutionSteps.Floats.plan(layer.shape(), weights, bias, ending.clamp(), from, to), to, from);
        plan.endWithFloats(ending, to, layer.flat());
    }

    static void batchNormalization(PlanBuilder plan, NodeReader node) {
        Activation input = plan.activation(node.input(0));
        if (input.isFlat() && input.map().pixels() > 1) {
            throw new UnsupportedGraph("a BatchNormalization of flattened pixels");
        }
        scaled(plan, input, Affine.read(plan, node, input.map().channels()), node.output());
    }

    /** Multiplies and shifts each channel on its own. */
    static void scaled(PlanBuilder plan, Activation input, Affine affine, String output) {
        FeatureMap map = input.map();
        ConvolutionShape shape = new ConvolutionShape(map, map, Window.PIXEL, map.channels());
        Ending ending = plan.ending(output);
        Storage from = plan.numbers(input);
        Storage to = plan.floats(map);
        plan.count(shape, false);
        plan.emit(
                (kernels, reader) -> new ConvolutionSteps.Floats(
                        kernels.convolution(
                                shape,
                                affine.factors(),
                                affine.offsets(),
                                ending.clamp().min(),
                                ending.clamp().max()),
                        from,
                        to),
                to,
                from);
        plan.endWithFloats(ending, to, input.isFlat());
    }
}
