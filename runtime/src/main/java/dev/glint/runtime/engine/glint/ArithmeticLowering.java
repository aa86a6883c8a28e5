package dev.glint.runtime.engine.glint;

import dev.glint.runtime.engine.glint.ArithmeticSteps.Operator;
import java.util.Arrays;

/** Functions of one value, and sums and products of two. */
final class ArithmeticLowering {
    private ArithmeticLowering() {}

    /** A function of each element. */
    static void function(PlanBuilder plan, NodeReader node, FloatFunction function) {
        plan.define(node.output(), plan.then(plan.activation(node.input(0)), function));
    }

    static FloatFunction.Clamp clip(PlanBuilder plan, NodeReader node) {
        float min =
                node.hasInput(1) ? plan.constant(node.input(1)).scalar() : node.real("min", Float.NEGATIVE_INFINITY);
        float max =
                node.hasInput(2) ? plan.constant(node.input(2)).scalar() : node.real("max", Float.POSITIVE_INFINITY);
        if (!(min <= max)) {
            throw new UnsupportedGraph("a Clip between " + min + " and " + max);
        }
        return new FloatFunction.Clamp(min, max);
    }

    static void binary(PlanBuilder plan, NodeReader node, Operator operator) {
        String left = node.input(0);
        String right = node.input(1);
        if (plan.isConstant(left)) {
            if (operator == Operator.SUBTRACT || operator == Operator.DIVIDE || plan.isConstant(right)) {
                throw new UnsupportedGraph(node.operator() + " of a constant first");
            }
            withConstant(plan, node, operator, plan.activation(right), plan.constant(left));
        } else if (plan.isConstant(right)) {
            withConstant(plan, node, operator, plan.activation(left), plan.constant(right));
        } else {
            ofTwo(plan, node, operator, plan.activation(left), plan.activation(right));
        }
    }

    private static void withConstant(
            PlanBuilder plan, NodeReader node, Operator operator, Activation input, Constant constant) {
        Recoding bytes = Recoding.find(input);
        Ending ending = plan.ending(node.output());
        if (bytes != null && constant.isEncoded() && Recoding.canJoin(operator, ending)) {
            withBytes(plan, operator, input, bytes, constant, ending);
            return;
        }
        if (constant.elements() == 1 && constant.shape().size() <= rank(input)) {
            float number = constant.scalar();
            FloatFunction function = switch (operator) {
                case ADD -> new FloatFunction.Plus(number);
                case SUBTRACT -> new FloatFunction.Plus(-number);
                case MULTIPLY -> new FloatFunction.Times(number);
                case DIVIDE -> new FloatFunction.Over(number);
            };
            plan.define(node.output(), plan.then(input, function));
            return;
        }
        ConvolutionLowering.scaled(plan, input, affine(operator, perChannel(input, constant)), node.output());
    }

    /** Constant bytes: a table for all elements that waits until a step needs it, or one for each channel. */
    private static void withBytes(
            PlanBuilder plan, Operator operator, Activation input, Recoding bytes, Constant constant, Ending ending) {
        Encoding encoding = constant.encoding();
        byte[] numbers = constant.unsignedBytes();
        if (numbers.length == 1 && constant.shape().size() <= rank(input)) {
            Recoding joined = Recoding.join(operator, bytes, numbers[0], encoding, ending);
            plan.endWithBytes(ending, new Activation(input.storage(), joined, input.isFlat()));
            return;
        }
        requirePerChannel(input, constant);
        byte[][] tables = new byte[numbers.length][];
        for (int i = 0; i < tables.length; i++) {
            tables[i] =
                    Recoding.join(operator, bytes, numbers[i], encoding, ending).table();
        }
        Storage to = new Storage(input.map(), ending.requireEncoding());
        plan.emit(new ArithmeticSteps.LookUpChannels(tables, input.storage(), to), to, input.storage());
        plan.endWithBytes(ending, to, input.isFlat());
    }

    private static int rank(Activation activation) {
        return activation.isFlat() ? 2 : 4;
    }

    /** A number for each channel, if the constant's shape says so: (C, 1, 1) or (1, C, 1, 1), of features (F) or (1, F). */
    private static float[] perChannel(Activation input, Constant constant) {
        requirePerChannel(input, constant);
        return constant.floats();
    }

    private static void requirePerChannel(Activation input, Constant constant) {
        int channels = input.map().channels();
        int rank = constant.shape().size();
        int axis = rank - (input.isFlat() ? 1 : 3);
        boolean fits = axis >= 0
                && axis <= 1
                && constant.elements() == channels
                && constant.size(axis) == channels
                && (!input.isFlat() || input.map().pixels() == 1);
        if (!fits) {
            throw new UnsupportedGraph("arithmetic with a constant of the shape " + constant.shape());
        }
    }

    private static Affine affine(Operator operator, float[] numbers) {
        float[] factors = new float[numbers.length];
        float[] offsets = new float[numbers.length];
        Arrays.fill(factors, 1);
        for (int i = 0; i < numbers.length; i++) {
            switch (operator) {
                case ADD -> offsets[i] = numbers[i];
                case SUBTRACT -> offsets[i] = -numbers[i];
                case MULTIPLY -> factors[i] = numbers[i];
                case DIVIDE -> factors[i] = 1 / numbers[i];
            }
        }
        return new Affine(factors, offsets);
    }

    private static void ofTwo(PlanBuilder plan, NodeReader node, Operator operator, Activation one, Activation other) {
        boolean sameShape = one.map().equals(other.map()) && one.isFlat() == other.isFlat();
        Ending ending = plan.ending(node.output());
        boolean commutes = operator == Operator.ADD || operator == Operator.MULTIPLY;
        if (sameShape && one.storage() == other.storage() && commutes) {
            if (PlanBuilder.fit(one.function(), other.function())) {
                ofOneArray(plan, node, operator, one, other, ending);
            } else {
                ofTwo(plan, node, operator, plan.computed(one), plan.computed(other));
            }
            return;
        }
        Activation a = plan.recoded(one);
        Activation b = plan.recoded(other);
        FeatureMap map = joined(node, a, b);
        boolean bytes = a.storage().isBytes() && b.storage().isBytes() && ending.isEncoded();
        if (bytes) {
            Storage to = new Storage(map, ending.requireEncoding());
            plan.emit(ofBytes(operator, a, b, sameShape, ending, to), to, a.storage(), b.storage());
            plan.endWithBytes(ending, to, a.isFlat());
            return;
        }
        Storage left = plan.numbers(a);
        Storage right = plan.numbers(b);
        Storage to = plan.floats(map);
        Step step = operator == Operator.ADD && sameShape
                ? new ArithmeticSteps.AddFloats(ending.clamp(), left, right, to)
                : new ArithmeticSteps.Floats(operator, ending.clamp(), left, right, to);
        plan.emit(step, to, left, right);
        plan.endWithFloats(ending, to, a.isFlat());
    }

    /** Both are functions of the same numbers, so their sum or product is one. */
    private static void ofOneArray(
            PlanBuilder plan, NodeReader node, Operator operator, Activation a, Activation b, Ending ending) {
        Recoding left = Recoding.find(a);
        Recoding right = Recoding.find(b);
        if (left != null && right != null && Recoding.canJoin(operator, ending)) {
            Recoding joined = Recoding.join(operator, left, right, ending);
            plan.endWithBytes(ending, new Activation(a.storage(), joined, a.isFlat()));
            return;
        }
        FloatFunction function = operator == Operator.ADD
                ? new FloatFunction.Sum(a.function(), b.function())
                : a.function().times(b.function());
        plan.define(node.output(), new Activation(a.storage(), function, a.isFlat()));
    }

    private static Step ofBytes(
            Operator operator, Activation a, Activation b, boolean sameShape, Ending ending, Storage to) {
        boolean plain = a.isPlain() && b.isPlain();
        if (operator == Operator.ADD && plain && sameShape) {
            return ArithmeticSteps.AddBytes.plan(a.storage(), b.storage(), ending.min(), ending.max(), to);
        }
        if (operator == Operator.MULTIPLY && plain && ending.isUnclamped()) {
            return ArithmeticSteps.MultiplyBytes.plan(a.storage(), b.storage(), to);
        }
        return new ArithmeticSteps.LookUpPair(
                operator,
                ending.clamp(),
                a.storage().encoding().table(a.function()),
                b.storage().encoding().table(b.function()),
                a.storage(),
                b.storage(),
                to);
    }

    /** The shape of what two give: the same, or one of them has a single pixel. */
    private static FeatureMap joined(NodeReader node, Activation a, Activation b) {
        boolean channels = a.map().channels() == b.map().channels() && a.isFlat() == b.isFlat();
        if (channels && (a.map().equals(b.map()) || !a.isFlat() && b.map().pixels() == 1)) {
            return a.map();
        }
        if (channels && !a.isFlat() && a.map().pixels() == 1) {
            return b.map();
        }
        throw new UnsupportedGraph(node.operator() + " of " + a.map() + " and " + b.map());
    }
}
