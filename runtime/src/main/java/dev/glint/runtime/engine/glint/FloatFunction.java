package dev.glint.runtime.engine.glint;

/**
 * A function of one number: what activations and arithmetic with constants do to each value. Those of bytes become tables; so the
 * steps of a hard swish, say, cost nothing but a look at a table.
 */
sealed interface FloatFunction
        permits FloatFunction.Identity,
                FloatFunction.Clamp,
                FloatFunction.Plus,
                FloatFunction.Times,
                FloatFunction.Over,
                FloatFunction.HardSigmoid,
                FloatFunction.HardSwish,
                FloatFunction.Sigmoid,
                FloatFunction.Tanh,
                FloatFunction.LeakyRelu,
                FloatFunction.Chain,
                FloatFunction.Product,
                FloatFunction.Sum,
                Recoding {
    float apply(float x);

    /** How many functions are computed for a number, and so at most how many lie inside each other. */
    default int size() {
        return 1;
    }

    /** The value as it is. */
    record Identity() implements FloatFunction {
        @Override
        public float apply(float x) {
            return x;
        }
    }

    /** {@code min(max(x, min), max)}: ReLU, Clip. */
    record Clamp(float min, float max) implements FloatFunction {
        @Override
        public float apply(float x) {
            return Math.min(Math.max(x, min), max);
        }
    }

    /** A sum with a constant. */
    record Plus(float constant) implements FloatFunction {
        @Override
        public float apply(float x) {
            return x + constant;
        }
    }

    /** A product with a constant. */
    record Times(float constant) implements FloatFunction {
        @Override
        public float apply(float x) {
            return x * constant;
        }
    }

    /** A quotient by a constant. */
    record Over(float constant) implements FloatFunction {
        @Override
        public float apply(float x) {
            return x / constant;
        }
    }

    /** {@code min(max(alpha * x + beta, 0), 1)}. */
    record HardSigmoid(float alpha, float beta) implements FloatFunction {
        @Override
        public float apply(float x) {
            return Math.min(Math.max(alpha * x + beta, 0), 1);
        }
    }

    /** {@code x * min(max(x + 3, 0), 6) / 6}. */
    record HardSwish() implements FloatFunction {
        @Override
        public float apply(float x) {
            return x * (Math.min(Math.max(x + 3, 0), 6) / 6);
        }
    }

    /** {@code 1 / (1 + exp(-x))}. */
    record Sigmoid() implements FloatFunction {
        @Override
        public float apply(float x) {
            return (float) (1 / (1 + Math.exp(-x)));
        }
    }

    /** The hyperbolic tangent. */
    record Tanh() implements FloatFunction {
        @Override
        public float apply(float x) {
            return (float) Math.tanh(x);
        }
    }

    /** {@code x}, or {@code alpha * x} where that is below 0. */
    record LeakyRelu(float alpha) implements FloatFunction {
        @Override
        public float apply(float x) {
            return x >= 0 ? x : alpha * x;
        }
    }

    /** One after the other. */
    record Chain(FloatFunction first, FloatFunction second) implements FloatFunction {
        @Override
        public float apply(float x) {
            return second.apply(first.apply(x));
        }

        @Override
        public int size() {
            return first.size() + second.size();
        }
    }

    /** The product of two. */
    record Product(FloatFunction left, FloatFunction right) implements FloatFunction {
        @Override
        public float apply(float x) {
            return left.apply(x) * right.apply(x);
        }

        @Override
        public int size() {
            return left.size() + right.size();
        }
    }

    /** The sum of two. */
    record Sum(FloatFunction left, FloatFunction right) implements FloatFunction {
        @Override
        public float apply(float x) {
            return left.apply(x) + right.apply(x);
        }

        @Override
        public int size() {
            return left.size() + right.size();
        }
    }

    /** This, and then another. */
    default FloatFunction then(FloatFunction next) {
        return this instanceof Identity ? next : new Chain(this, next);
    }

    /** The product with another; of a value and its hard sigmoid, as exporters write them, the hard swish. */
    default FloatFunction times(FloatFunction other) {
        if (this instanceof Identity && isHardSigmoid(other) || other instanceof Identity && isHardSigmoid(this)) {
            return new HardSwish();
        }
        return new Product(this, other);
    }

    private static boolean isHardSigmoid(FloatFunction function) {
        return function.equals(new Chain(new Chain(new Plus(3), new Clamp(0, 6)), new Over(6)))
                || function.equals(new HardSigmoid(1 / 6f, 0.5f));
    }
}
