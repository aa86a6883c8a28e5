package dev.glint.runtime.engine.glint;

import java.util.List;

/** What moves or joins values without computing: Flatten, Reshape, Concat; and Softmax. */
final class ShapeLowering {
    private ShapeLowering() {}

    static void flatten(PlanBuilder plan, NodeReader node) {
        Activation input = plan.activation(node.input(0));
        long axis = node.whole("axis", 1);
        if (axis != 1 && axis != 1 - (input.isFlat() ? 2 : 4)) {
            throw new UnsupportedGraph("a Flatten from the axis " + axis);
        }
        plan.define(node.output(), input.flattened(true));
    }

    /** Reshapes that keep the batch, and give features or take them back. */
    static void reshape(PlanBuilder plan, NodeReader node) {
        Activation input = plan.activation(node.input(0));
        long[] target = plan.constant(node.input(1)).integers();
        node.requireWhole("allowzero", 0, 0);
        FeatureMap map = input.map();
        long[] before = input.isFlat()
                ? new long[] {-1, map.size()}
                : new long[] {-1, map.channels(), map.height(), map.width()};
        if (target.length != 2 && target.length != 4) {
            throw new UnsupportedGraph("a Reshape to " + target.length + " dimensions");
        }
        long product = 1;
        int free = -1;
        for (int i = 1; i < target.length; i++) {
            target[i] = target[i] == 0 && i < before.length ? before[i] : target[i];
            if (target[i] == -1 && free < 0) {
                free = i;
            } else if (target[i] < 1 || target[i] > map.size()) {
                throw new UnsupportedGraph("a Reshape to a size of " + target[i]);
            } else {
                product *= target[i];
            }
            if (product > map.size()) {
                throw new UnsupportedGraph("a Reshape of " + map.size() + " elements to more");
            }
        }
        // The batch may be named, copied or found; a number is that of a single picture.
        boolean batch = target[0] == 0 || target[0] == 1 || target[0] == -1 && free < 0;
        if (free > 0) {
            target[free] = map.size() / product;
            product *= target[free];
        }
        if (!batch || product != map.size()) {
            throw new UnsupportedGraph("a Reshape that mixes pictures, or loses elements");
        }
        plan.define(node.output(), reshaped(input, target));
    }

    private static Activation reshaped(Activation input, long[] target) {
        FeatureMap map = input.map();
        if (target.length == 2) {
            return input.flattened(true);
        }
        if (target[1] == map.channels() && target[2] == map.height() && target[3] == map.width()) {
            return input.flattened(false);
        }
        throw new UnsupportedGraph("a Reshape that mixes channels and pixels");
    }

    static void concatenate(PlanBuilder plan, NodeReader node) {
        List<String> names = node.inputs();
        Activation[] inputs = new Activation[names.size()];
        int channels = 0;
        boolean bytes = true;
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = plan.activation(names.get(i));
            bytes &= inputs[i].storage().isBytes();
            channels = Math.addExact(channels, inputs[i].map().channels());
            FeatureMap map = inputs[i].map();
            FeatureMap first = inputs[0].map();
            boolean fits = map.height() == first.height()
                    && map.width() == first.width()
                    && inputs[i].isFlat() == inputs[0].isFlat();
            if (!fits || inputs[i].isFlat() && map.pixels() > 1) {
                throw new UnsupportedGraph("a Concat of " + first + " and " + map);
            }
        }
        long axis = node.whole("axis", Long.MIN_VALUE);
        if (inputs.length == 0 || axis != 1 && axis != 1 - (inputs[0].isFlat() ? 2 : 4)) {
            throw new UnsupportedGraph("a Concat along the axis " + axis);
        }
        FeatureMap first = inputs[0].map();
        FeatureMap map = new FeatureMap(first.height(), first.width(), channels);
        Ending ending = plan.ending(node.output());
        if (bytes && ending.isEncoded() && ending.isUnclamped()) {
            ofBytes(plan, inputs, map, ending);
        } else {
            ofFloats(plan, node, inputs, map);
        }
    }

    private static void ofBytes(PlanBuilder plan, Activation[] inputs, FeatureMap map, Ending ending) {
        Storage[] from = new Storage[inputs.length];
        byte[][] tables = new byte[inputs.length][];
        for (int i = 0; i < inputs.length; i++) {
            from[i] = inputs[i].storage();
            tables[i] = PlanBuilder.table(inputs[i], ending.requireEncoding());
        }
        Storage to = new Storage(map, ending.requireEncoding());
        plan.emit(new ArithmeticSteps.ConcatenateBytes(tables, from, to), to, from);
        plan.endWithBytes(ending, to, inputs[0].isFlat());
    }

    private static void ofFloats(PlanBuilder plan, NodeReader node, Activation[] inputs, FeatureMap map) {
        Storage[] from = new Storage[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            from[i] = plan.numbers(inputs[i]);
        }
        Storage to = plan.floats(map);
        plan.emit(new ArithmeticSteps.ConcatenateFloats(from, to), to, from);
        plan.define(node.output(), new Activation(to, inputs[0].isFlat()));
    }

    static void softmax(PlanBuilder plan, NodeReader node) {
        Activation input = plan.activation(node.input(0));
        long axis = node.whole("axis", plan.operatorSet() < 13 ? 1 : -1);
        if (!input.isFlat() || axis != 1 && axis != -1) {
            throw new UnsupportedGraph("a Softmax along the axis " + axis);
        }
        Storage from = plan.numbers(input);
        Storage to = plan.floats(input.map());
        plan.emit(new ArithmeticSteps.Softmax(from, to), to, from);
        plan.define(node.output(), new Activation(to, true));
    }
}
