package dev.glint.runtime.engine.glint;

/**
 * The window of a convolution or pooling, and the size of what it gives.
 *
 * @param window with the padding that the node asks for
 * @param height rows of the output
 * @param width columns of the output
 * @param paddingBottom rows of padding behind the last
 * @param paddingRight columns of padding behind the last
 */
record WindowReader(Window window, int height, int width, int paddingBottom, int paddingRight) {

    /**
     * Reads the attributes of ONNX's Conv, MaxPool and AveragePool.
     *
     * @param rows of the window
     * @param columns of the window
     * @param roundUp whether a last window that is cut off counts
     */
    static WindowReader read(NodeReader node, FeatureMap input, int rows, int columns, boolean roundUp) {
        int[] strides = node.sizes("strides", 1, 1);
        int[] dilations = node.sizes("dilations", 1, 1);
        int[] pads = node.sizes("pads", 0, 0, 0, 0);
        if (strides[0] < 1 || strides[1] < 1 || dilations[0] < 1 || dilations[1] < 1) {
            throw new UnsupportedGraph("strides or dilations of 0");
        }
        Extent vertical = new Extent(input.height(), rows, strides[0], dilations[0]);
        Extent horizontal = new Extent(input.width(), columns, strides[1], dilations[1]);
        String automatic = node.text("auto_pad", "NOTSET");
        switch (automatic) {
            case "NOTSET", "" -> {
                vertical = vertical.padded(pads[0], pads[2]);
                horizontal = horizontal.padded(pads[1], pads[3]);
            }
            case "VALID" -> {
                // No padding.
            }
            case "SAME_UPPER", "SAME_LOWER" -> {
                boolean upper = automatic.equals("SAME_UPPER");
                vertical = vertical.keeping(upper);
                horizontal = horizontal.keeping(upper);
            }
            default -> throw new UnsupportedGraph("auto_pad " + automatic);
        }
        Window window = new Window(
                rows, columns, strides[0], strides[1], vertical.before, horizontal.before, dilations[0], dilations[1]);
        return new WindowReader(
                window, vertical.outputs(roundUp), horizontal.outputs(roundUp), vertical.after, horizontal.after);
    }

    /** Whether the last windows, not dilated, see what lies behind the padding of an input. */
    boolean goesBeyond(FeatureMap input) {
        int bottom = (height - 1) * window.strideHeight() - window.paddingTop() + window.height();
        int right = (width - 1) * window.strideWidth() - window.paddingLeft() + window.width();
        return bottom > input.height() + paddingBottom || right > input.width() + paddingRight;
    }

    /** One of the two directions. */
    private record Extent(int input, int size, int stride, int dilation, int before, int after) {
        Extent(int input, int size, int stride, int dilation) {
            this(input, size, stride, dilation, 0, 0);
        }

        Extent padded(int first, int last) {
            return new Extent(input, size, stride, dilation, first, last);
        }

        /** So padded that the output has the size of the input, divided by the stride and rounded up. */
        Extent keeping(boolean moreAtTheEnd) {
            long outputs = (input + stride - 1L) / stride;
            long all = Math.max(0, (outputs - 1) * stride + covered() - input);
            long less = all / 2;
            long more = all - less;
            if (more > Window.MAX_EXTENT) {
                throw new UnsupportedGraph("a padding of " + all);
            }
            return padded((int) (moreAtTheEnd ? less : more), (int) (moreAtTheEnd ? more : less));
        }

        private long covered() {
            return (size - 1L) * dilation + 1;
        }

        int outputs(boolean roundUp) {
            long room = (long) input + before + after - covered();
            if (room < 0) {
                throw new UnsupportedGraph("a window of " + covered() + " over " + input);
            }
            long outputs = (roundUp ? (room + stride - 1) / stride : room / stride) + 1;
            // The last window has to begin inside.
            if (roundUp && (outputs - 1) * stride >= (long) input + before) {
                outputs--;
            }
            return (int) outputs;
        }
    }
}
