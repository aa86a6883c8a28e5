package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.Size;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A Reshape whose target says the batch that the file was exported for, where the input has a free one in front, takes that of its
 * input instead.
 */
final class BatchInReshape implements RewriteRule {
    private final long batch;

    BatchInReshape(long batch) {
        this.batch = batch;
    }

    @Override
    public String name() {
        return "batch-in-reshape";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Reshape");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<long[]> target = edit.before().constant(node.input(1)).map(Tensor::toIntegers);
        Optional<List<Size>> input = edit.shapes().shape(node.input(0));
        boolean free = input.isPresent()
                && !input.get().isEmpty()
                && input.get().get(0).equals(Size.BATCH)
                && target.isPresent()
                && target.get().length > 0
                && target.get()[0] == batch;
        if (!free) {
            return;
        }
        long rest = Size.product(input.get()).factor();
        long product = Arrays.stream(target.get()).skip(1).reduce(1, (a, b) -> a * b);
        if (product == rest || product < 0) {
            long[] sizes = target.get().clone();
            sizes[0] = 0;
            String shape = edit.addConstant(node.name() + ".shape", Tensor.longs(sizes));
            edit.replace(node, node.withInput(1, shape).withoutAttributes("allowzero"));
        }
    }
}
