package dev.glint.trainer.model;

import ai.djl.nn.Block;
import dev.glint.trainer.model.Dropout.Unit;
import java.util.function.Supplier;

/**
 * The block of mobile networks (Sandler et al., "MobileNetV2", 2018): a 1x1 convolution widens, a depthwise one
 * filters, squeeze and excitation weighs the channels, a 1x1 convolution narrows. Around it, where the shapes allow, a
 * shortcut. The children are named as torchvision's.
 *
 * @param inputs channels that come in
 * @param expanded channels of the depthwise convolution
 * @param outputs channels that go out
 * @param kernel of the depthwise convolution, odd
 * @param stride of the depthwise convolution
 * @param squeezed channels between squeeze and excitation, 0 for none
 * @param depthDropout the probability that a picture skips the block in training, where it has a shortcut
 */
record InvertedResidual(
        int inputs, int expanded, int outputs, int kernel, int stride, int squeezed, float depthDropout) {

    /**
     * What a family of networks has in common.
     *
     * @param norm a new batch norm
     * @param activation a new activation, inside squeeze and excitation
     * @param gate the activation that gives the channels their weights
     */
    record Style(Supplier<Block> norm, Supplier<Block> activation, Supplier<Block> gate) {
        /** A convolution without bias, batch norm and an activation. */
        Sequence convolution(int filters, int kernel, int stride, int groups, Supplier<Block> activation) {
            return Layers.sequence(
                    Layers.convolution(filters, kernel, stride, groups, false), norm.get(), activation.get());
        }

        private Sequence projection(int filters) {
            return Layers.sequence(Layers.plainConvolution(filters, 1, 1), norm.get());
        }

        private Block squeezeExcitation(int channels, int squeezed) {
            return Shortcut.product(new Sequence()
                    .add("avgpool", Layers.channelMeans())
                    .add("fc1", Layers.convolution(squeezed, 1, 1, 1, true))
                    .add("activation", activation.get())
                    .add("fc2", Layers.convolution(channels, 1, 1, 1, true))
                    .add("scale_activation", gate.get()));
        }
    }

    /**
     * Builds the block.
     *
     * @param activation a new activation, after the convolutions
     */
    Block build(Style style, Supplier<Block> activation) {
        Sequence block = new Sequence();
        if (expanded != inputs) {
            block.add(style.convolution(expanded, 1, 1, 1, activation));
        }
        block.add(style.convolution(expanded, kernel, stride, expanded, activation));
        if (squeezed > 0) {
            block.add(style.squeezeExcitation(expanded, squeezed));
        }
        Sequence body = new Sequence().add("block", block.add(style.projection(outputs)));
        if (stride != 1 || inputs != outputs) {
            return body;
        }
        return Shortcut.sum(body.add("stochastic_depth", new Dropout(depthDropout, Unit.PICTURE)));
    }
}
