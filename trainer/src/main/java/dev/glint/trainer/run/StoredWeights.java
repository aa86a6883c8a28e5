package dev.glint.trainer.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.model.StateDict;
import dev.glint.trainer.model.Weights;
import dev.glint.trainer.weights.Safetensors.DType;
import dev.glint.trainer.weights.Safetensors.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Arrays as tensors of a file, and back. */
final class StoredWeights {
    private StoredWeights() {}

    /** Tensors that show the arrays' values, to be written while those live and do not change. */
    static Map<String, Tensor> tensors(Map<String, NDArray> arrays) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        arrays.forEach((name, array) ->
                tensors.put(name, new Tensor(DType.F32, sizes(array.getShape()), Weights.bytes(array))));
        return tensors;
    }

    /**
     * The architecture of a run with weights that it has stored.
     *
     * @param manager owns the weights
     * @param reason why it fails
     * @throws GlintException if the weights do not fit the architecture
     */
    static Block block(
            RunConfig config,
            PreprocessContract contract,
            Map<String, Tensor> tensors,
            NDManager manager,
            Reason reason) {
        Block block = config.model().build(contract.labels().size());
        Set<String> expected = StateDict.parameters(block).keySet();
        if (!tensors.keySet().equals(expected)) {
            throw misfit(reason, "tensors " + tensors.keySet(), expected.toString());
        }
        Shape input = new Shape(1, contract.channels(), contract.height(), contract.width());
        Weights.initialize(
                block, manager, input, (name, type, shape) -> values(name, tensors.get(name), shape, reason));
        return block;
    }

    private static float[] values(String name, Tensor tensor, Shape shape, Reason reason) {
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
