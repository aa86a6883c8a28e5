package dev.glint.trainer.weights.block;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.initializer.Initializer;

/** Blocks whose parameters have shapes and no memory. */
public final class BlockOutline {
    private BlockOutline() {}

    /**
     * Gives a block the shapes of its parameters and arrays that only look as large, for counting: they take no memory,
     * and must not be written to or fitted.
     *
     * @param input (N, C, H, W); N does not matter
     */
    public static void initialize(Block block, NDManager manager, Shape input) {
        Initializer view =
                (owner, shape, type) -> owner.zeros(new Shape(1), type).broadcast(shape);
        StateDict.parameters(block).values().forEach(parameter -> parameter.setInitializer(view));
        block.initialize(manager, DataType.FLOAT32, input);
    }
}
