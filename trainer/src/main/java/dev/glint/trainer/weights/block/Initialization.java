package dev.glint.trainer.weights.block;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.Random;

/**
 * What the first weights of an architecture are drawn from. Where torchvision has the architecture, the distributions
 * are torchvision's.
 */
public enum Initialization {
    /**
     * BlockWeights uniform in +-sqrt(6 / fan-in) (He et al., "Delving Deep into Rectifiers", 2015), biases 0.
     */
    HE_UNIFORM {
        @Override
        Distribution distribution(String name, Parameter.Type type, Shape weight) {
            return isBias(type) ? Distribution.ZERO : Distribution.uniform(Math.sqrt(6.0 / fanIn(weight)));
        }
    },

    /**
     * Convolutions normal with variance 2 / fan-out and biases 0; linear layers, biases too, uniform in +-1 / sqrt(fan-in),
     * which is PyTorch's default.
     */
    RESNET {
        @Override
        Distribution distribution(String name, Parameter.Type type, Shape weight) {
            return isLinear(weight)
                    ? Distribution.uniform(1 / Math.sqrt((double) fanIn(weight)))
                    : heFanOut(type, weight);
        }
    },

    /** Convolutions as {@link #RESNET}; linear weights normal with a standard deviation of 0.01; biases 0. */
    NORMAL_HEAD {
        @Override
        Distribution distribution(String name, Parameter.Type type, Shape weight) {
            return isLinear(weight) && !isBias(type) ? Distribution.normal(0.01) : heFanOut(type, weight);
        }
    },

    /** Convolutions as {@link #RESNET}; linear weights uniform in +-1 / sqrt(fan-out); biases 0. */
    UNIFORM_HEAD {
        @Override
        Distribution distribution(String name, Parameter.Type type, Shape weight) {
            return isLinear(weight) && !isBias(type)
                    ? Distribution.uniform(1 / Math.sqrt((double) weight.get(0)))
                    : heFanOut(type, weight);
        }
    },

    /**
     * As torchvision's vision transformer: patches normal with variance 1 / fan-in, queries, keys, values and the layers
     * between Glorot uniform (their biases almost 0), positions normal with a standard deviation of 0.02, the projection
     * behind the attention PyTorch's default, the class token and the head 0.
     */
    VISION_TRANSFORMER {
        @Override
        Distribution distribution(String name, Parameter.Type type, Shape weight) {
            if (name.endsWith("pos_embedding")) {
                return Distribution.normal(0.02);
            }
            if (name.endsWith("in_proj_weight")) {
                return glorot(weight);
            }
            if (name.endsWith("out_proj.weight")) {
                return Distribution.uniform(1 / Math.sqrt((double) fanIn(weight)));
            }
            if (name.startsWith("conv_proj") && !isBias(type)) {
                return Distribution.normal(1 / Math.sqrt((double) fanIn(weight)));
            }
            if (name.contains(".mlp.")) {
                return isBias(type) ? Distribution.normal(1e-6) : glorot(weight);
            }
            return Distribution.ZERO;
        }
    };

    /** A distribution to draw from. */
    @FunctionalInterface
    interface Distribution {
        /** Always 0; nothing is drawn. */
        Distribution ZERO = random -> 0;

        float draw(Random random);

        /** Uniform from -bound to bound. */
        static Distribution uniform(double bound) {
            return random -> (float) (bound * (2 * random.nextDouble() - 1));
        }

        /** Normal with mean 0. */
        static Distribution normal(double standardDeviation) {
            return random -> (float) (standardDeviation * random.nextGaussian());
        }
    }

    /**
     * What a weight, a bias or a parameter of another kind is drawn from; batch and layer norm are not asked for.
     *
     * @param name as in the {@code state_dict}
     * @param type what the parameter is for
     * @param weight the shape of the layer's weight, (out, in) or (out, in / groups, height, width); for a parameter
     *     without a layer, its own
     */
    abstract Distribution distribution(String name, Parameter.Type type, Shape weight);

    private static boolean isBias(Parameter.Type type) {
        return type == Parameter.Type.BIAS;
    }

    private static boolean isLinear(Shape weight) {
        return weight.dimension() == 2;
    }

    /** How many values one output value sums over. */
    private static long fanIn(Shape weight) {
        return weight.slice(1).size();
    }

    private static Distribution heFanOut(Parameter.Type type, Shape weight) {
        long fanOut = weight.get(0) * weight.slice(2).size();
        return isBias(type) ? Distribution.ZERO : Distribution.normal(Math.sqrt(2.0 / fanOut));
    }

    /** Uniform in +-sqrt(6 / (fan-in + fan-out)) (Glorot and Bengio, 2010). */
    private static Distribution glorot(Shape weight) {
        return Distribution.uniform(Math.sqrt(6.0 / (weight.get(0) + weight.get(1))));
    }
}
