package dev.glint.trainer.model;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;

/** Whether a network can take pictures of a size: one that halves them too often has nothing left. */
public final class InputSize {
    private InputSize() {}

    /**
     * Runs a black picture through a network, in inference mode.
     *
     * @param block initialized
     * @param input (1, C, H, W)
     * @throws GlintException ({@code USAGE}) if the pictures are too small for it
     */
    public static void require(Architecture architecture, Block block, Shape input, NDManager manager) {
        int side = architecture.input().side();
        try (NDManager trial = manager.newSubManager()) {
            block.forward(new ParameterStore(trial, false), new NDList(trial.zeros(input)), false);
        } catch (EngineException e) {
            if (input.get(2) >= side && input.get(3) >= side) {
                throw e;
            }
            throw GlintException.failure(
                            Reason.USAGE,
                            "pictures of " + input.get(3) + "x" + input.get(2),
                            "larger ones for " + architecture.id() + ", which was made for " + side + "x" + side,
                            "choose a larger --size or another --model")
                    .causedBy(e);
        }
    }
}
