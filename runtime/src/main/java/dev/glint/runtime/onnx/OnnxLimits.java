package dev.glint.runtime.onnx;

/**
 * What an ONNX file may hold at most, so that a hostile one costs neither time nor memory before it is refused.
 *
 * @param metadataBytes all keys and values of the metadata together
 * @param nodes nodes of the graph and of the graphs inside its nodes
 * @param tensors initializers and tensors in attributes
 * @param depth graphs inside nodes inside graphs
 * @param elements numbers in one tensor
 * @param grown numbers that nodes give beyond those of the largest value that they take, all together and for one picture, as far as
 *     shapes follow from what the file says
 */
public record OnnxLimits(long metadataBytes, int nodes, int tensors, int depth, long elements, long grown) {
    public OnnxLimits {
        if (metadataBytes < 1 || nodes < 1 || tensors < 1 || depth < 1 || elements < 1 || grown < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    /** 16 MiB of metadata, 20,000 nodes, 20,000 tensors, 4 levels, 2^31 - 1 numbers in a tensor, 2^28 grown. */
    public static OnnxLimits defaults() {
        return new OnnxLimits(16L << 20, 20_000, 20_000, 4, Integer.MAX_VALUE, 1L << 28);
    }
}
