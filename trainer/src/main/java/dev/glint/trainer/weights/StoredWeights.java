package dev.glint.trainer.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import dev.glint.trainer.weights.safetensors.DType;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Arrays as tensors of a file, and back. */
public final class StoredWeights {
    private StoredWeights() {}

    /** Tensors that show the arrays' values, to be written while those live and do not change. */
    public static Map<String, StoredTensor> tensors(Map<String, NDArray> arrays) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        arrays.forEach((name, array) ->
                tensors.put(name, new StoredTensor(DType.F32, sizes(array.getShape()), BlockWeights.bytes(array))));
        return tensors;
    }

    /**
     * Gives a block the weights that were stored for it.
     *
     * @param block not initialized yet
     * @param input (N, C, H, W); N does not matter
     * @param manager owns the weights
     * @param reason why it fails
     * @throws GlintException if the weights do not fit the block
     */
    public static void restore(
            Block block, Shape input, Map<String, StoredTensor> tensors, NDManager manager, Reason reason) {
        Set<String> expected = StateDict.parameters(block).keySet();
        if (!tensors.keySet().equals(expected)) {
            throw misfit(reason, "tensors " + tensors.keySet(), expected.toString());
        }
        BlockWeights.initialize(
                block,
                manager,
                input,
                (name, type, shape) -> values(name, Objects.requireNonNull(tensors.get(name)), shape, reason));
    }

    private static float[] values(String name, StoredTensor tensor, Shape shape, Reason reason) {
        List<Long> sizes = sizes(shape);
        if (tensor.type() != DType.F32 || !tensor.shape().equals(sizes)) {
            throw misfit(reason, name + " of " + tensor.type() + " " + tensor.shape(), "F32 " + sizes);
        }
        return tensor.floats();
    }

    private static List<Long> sizes(Shape shape) {
        return Arrays.stream(shape.getShape()).boxed().toList();
    }

    private static GlintException misfit(Reason reason, String found, String expected) {
        return GlintException.failure(
                reason, found, expected + " as the architecture has it", "fit the run again with this version");
    }
}
