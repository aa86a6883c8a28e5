package dev.glint.runtime.engine.glint;

/** MaxPool, AveragePool and GlobalAveragePool. */
final class PoolingLowering {
    private PoolingLowering() {}

    private static WindowReader window(NodeReader node, FeatureMap map) {
        int[] sizes = node.sizes("kernel_shape", 0, 0);
        WindowReader window = WindowReader.read(node, map, sizes[0], sizes[1], node.whole("ceil_mode", 0) != 0);
        Window read = window.window();
        boolean padded = read.paddingTop() >= read.height()
                || read.paddingLeft() >= read.width()
                || window.paddingBottom() >= read.height()
                || window.paddingRight() >= read.width();
        boolean dilated = read.dilationHeight() != 1 || read.dilationWidth() != 1;
        if (padded || dilated) {
            throw new UnsupportedGraph("a " + node.operator() + " with windows that see nothing, or with gaps");
        }
        return window;
    }

    private static Activation map(PlanBuilder plan, NodeReader node) {
        Activation input = plan.activation(node.input(0));
        if (input.isFlat()) {
            throw new UnsupportedGraph(node.operator() + " of features without pixels");
        }
        return input;
    }

    static void maxPool(PlanBuilder plan, NodeReader node) {
        node.requireWhole("storage_order", 0, 0);
        if (node.node().outputs().size() > 1) {
            throw new UnsupportedGraph("a MaxPool that gives indices");
        }
        Activation input = map(plan, node);
        WindowReader window = window(node, input.map());
        FeatureMap map =
                new FeatureMap(window.height(), window.width(), input.map().channels());
        PoolingShape shape = new PoolingShape(input.map(), map, window.window());
        plan.addWork((long) map.size() * shape.window().size());
        if (input.isPlainBytes()) {
            Storage from = input.storage();
            Storage to = new Storage(map, from.encoding());
            plan.emit(new PoolingSteps.MaxBytes(shape, from, to), to, from);
            plan.define(node.output(), new Activation(to, false));
        } else {
            Storage from = plan.numbers(input);
            Storage to = plan.floats(map);
            plan.emit(new PoolingSteps.MaxFloats(shape, from, to), to, from);
            plan.define(node.output(), new Activation(to, false));
        }
    }

    static void averagePool(PlanBuilder plan, NodeReader node) {
        Activation input = map(plan, node);
        WindowReader window = window(node, input.map());
        FeatureMap map =
                new FeatureMap(window.height(), window.width(), input.map().channels());
        PoolingShape shape = new PoolingShape(input.map(), map, window.window());
        boolean padded = node.whole("count_include_pad", 0) != 0;
        if (padded && window.goesBeyond(input.map())) {
            // What such a window is divided by differs between ONNX Runtime's versions.
            throw new UnsupportedGraph("an AveragePool with padding that counts and windows beyond it");
        }
        PoolingSteps.Divisor divisor = new PoolingSteps.Divisor(padded);
        plan.addWork((long) map.size() * shape.window().size());
        Ending ending = plan.ending(node.output());
        if (input.isPlainBytes() && ending.isEncoded() && ending.isUnclamped()) {
            Storage from = input.storage();
            Storage to = new Storage(map, ending.requireEncoding());
            float[] decoded = from.encoding().table(input.function());
            plan.emit(new PoolingSteps.AverageBytes(shape, divisor, decoded, from, to), to, from);
            plan.endWithBytes(ending, to, false);
        } else {
            Storage from = plan.numbers(input);
            Storage to = plan.floats(map);
            plan.emit(new PoolingSteps.AverageFloats(shape, divisor, from, to), to, from);
            plan.define(node.output(), new Activation(to, false));
        }
    }

    static void globalAveragePool(PlanBuilder plan, NodeReader node) {
        Activation input = map(plan, node);
        FeatureMap map = new FeatureMap(1, 1, input.map().channels());
        plan.addWork(input.map().size());
        Ending ending = plan.ending(node.output());
        if (input.isPlainBytes() && ending.isEncoded() && ending.isUnclamped()) {
            Storage from = input.storage();
            Storage to = new Storage(map, ending.requireEncoding());
            plan.emit(PoolingSteps.GlobalAverageBytes.plan(from, to), to, from);
            plan.endWithBytes(ending, to, false);
        } else {
            Storage from = plan.numbers(input);
            Storage to = plan.floats(map);
            plan.emit(new PoolingSteps.GlobalAverageFloats(from, to), to, from);
            plan.define(node.output(), new Activation(to, false));
        }
    }
}
