package dev.glint.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.LayerNorm;

/** Vision transformers (Dosovitskiy et al., "An Image is Worth 16x16 Words", 2020), laid out as torchvision's. */
final class VisionTransformer {
    private static final Size BASE_16 = new Size(16, 768, 3072, 12, 12);
    private static final float EPSILON = 1e-6f;

    /**
     * The sizes of a network.
     *
     * @param patch rows and columns of a patch; pictures have a multiple
     * @param width values of a token
     * @param hidden units between the two layers behind each attention
     * @param heads of each attention
     * @param depth encoder layers
     */
    record Size(int patch, int width, int hidden, int heads, int depth) {}

    private VisionTransformer() {}

    static Block base16(int classes) {
        return build(BASE_16, classes);
    }

    static Block build(Size size, int classes) {
        Sequence layers = new Sequence();
        for (int i = 0; i < size.depth; i++) {
            layers.add("encoder_layer_" + i, encoderLayer(size));
        }
        Sequence encoder = new Sequence()
                .inline(LearnedTokens.position(size.width))
                .add("layers", layers)
                .add("ln", norm());
        return new Sequence()
                .add("conv_proj", patches(size))
                .add("tokens", tokens())
                .inline(LearnedTokens.classToken(size.width))
                .add("encoder", encoder)
                .add("first", firstToken())
                .add("heads", new Sequence().add("head", Layers.linear(classes)));
    }

    private static Block encoderLayer(Size size) {
        Sequence attention = new Sequence()
                .inline(new SelfAttention(size.width, size.heads))
                .add("out_proj", Layers.linear(size.width));
        // torchvision's third child is a dropout, which this model does without.
        Sequence mlp =
                Layers.sequence(Layers.linear(size.hidden), Layers.gelu()).add("3", Layers.linear(size.width));
        return new Sequence()
                .inline(Shortcut.sum(new Sequence().add("ln_1", norm()).add("self_attention", attention)))
                .inline(Shortcut.sum(new Sequence().add("ln_2", norm()).add("mlp", mlp)));
    }

    private static Block norm() {
        return LayerNorm.builder().axis(2).optEpsilon(EPSILON).build();
    }

    private static Block patches(Size size) {
        Shape patch = new Shape(size.patch, size.patch);
        return Conv2d.builder()
                .setFilters(size.width)
                .setKernelShape(patch)
                .optStride(patch)
                .build();
    }

    /** From (N, D, H, W) to (N, H * W, D). */
    private static Block tokens() {
        return new Operator(
                "tokens",
                x -> x.reshape(joined(x.getShape())).transpose(0, 2, 1),
                shape -> new Shape(shape.get(0), joined(shape).get(2), shape.get(1)));
    }

    private static Shape joined(Shape shape) {
        return new Shape(shape.get(0), shape.get(1), shape.get(2) * shape.get(3));
    }

    /** From (N, T, D) to (N, D). */
    private static Block firstToken() {
        return new Operator(
                "first-token", (NDArray x) -> x.get(":, 0"), shape -> new Shape(shape.get(0), shape.get(2)));
    }
}
