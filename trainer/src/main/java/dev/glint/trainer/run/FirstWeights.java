package dev.glint.trainer.run;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.glint.runtime.PreprocessContract;
import dev.glint.runtime.Preprocessor;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.RandomStream;
import dev.glint.trainer.fit.Whitening;
import dev.glint.trainer.model.InputSize;
import dev.glint.trainer.model.Weights;

/** The block that a run begins with: its architecture, with weights drawn from its seed. */
final class FirstWeights {
    private FirstWeights() {}

    /**
     * Builds the block.
     *
     * @param data whose training pictures decide where the recipe wants that
     * @param contract what the run's pictures become, with a label per class
     * @param manager owns the weights
     */
    static Block block(RunConfig config, DataSplit data, PreprocessContract contract, NDManager manager) {
        Block block = config.model().build(contract.labels().size());
        Shape input = new Shape(1, contract.channels(), contract.height(), contract.width());
        Weights.initialize(
                block, manager, input, config.model().initialization(), RandomStream.WEIGHTS.open(config.seed(), 0));
        InputSize.require(config.model(), block, input, manager);
        if (config.recipe().whitening()) {
            Whitening.apply(block, data.train(), new Preprocessor(contract));
        }
        return block;
    }
}
