package dev.glint.trainer.run;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.RandomStream;
import dev.glint.trainer.fit.BatchNormStatistics;
import dev.glint.trainer.fit.Whitening;
import dev.glint.trainer.model.BatchNormCalibration;
import dev.glint.trainer.model.InputSize;
import dev.glint.trainer.weights.LoadReport;
import dev.glint.trainer.weights.PretrainedWeights;
import dev.glint.trainer.weights.StoredWeights;
import dev.glint.trainer.weights.WeightFile;
import dev.glint.trainer.weights.WeightLoader;
import dev.glint.trainer.weights.WeightLoader.Head;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The block of a run. It begins with weights drawn from the run's seed, or with those of a file and what that has no
 * weights for drawn from the seed; later it has what the run has stored.
 */
final class RunBlock {
    private RunBlock() {}

    /**
     * The block that the run begins with.
     *
     * @param data whose training pictures decide where the recipe or the file wants that
     * @param contract what the run's pictures become, with a label per class
     * @param manager owns the weights
     * @param notes is told what came from a file, a line each
     * @throws GlintException ({@code INPUT}) naming the file, if it holds no weights of the architecture
     * @throws IOException if it cannot be read
     */
    static Block initial(
            RunConfig config, DataSplit data, PreprocessContract contract, NDManager manager, Consumer<String> notes)
            throws IOException {
        Block block = config.model().build(contract.labels().size());
        Shape input = input(contract);
        BlockWeights.initialize(
                block, manager, input, config.model().initialization(), RandomStream.WEIGHTS.open(config.seed(), 0));
        Preprocessor preprocessor = new Preprocessor(contract);
        InputSize.require(config.model(), block, input, manager);
        if (config.recipe().whitening()) {
            Whitening.apply(block, data.train(), preprocessor, notes);
        }
        PretrainedWeights weights = config.weights();
        if (weights != null) {
            notes.accept(weights.file() + ": " + load(block, weights.file()));
            if (config.recipe().fitsBatchNorm() && BatchNormCalibration.isFolded(block)) {
                int pictures = BatchNormStatistics.measure(block, data.train(), preprocessor, manager);
                notes.accept(weights.file() + ": batch norm was folded into the convolutions; it has the statistics of "
                        + pictures + " training pictures now, and computes the same");
            }
        }
        return block;
    }

    /**
     * The block with weights that the run has stored.
     *
     * @param manager owns the weights
     * @param reason why it fails
     * @throws GlintException if the weights do not fit the architecture
     */
    static Block restored(
            RunConfig config,
            PreprocessContract contract,
            Map<String, StoredTensor> tensors,
            NDManager manager,
            Reason reason) {
        Block block = config.model().build(contract.labels().size());
        StoredWeights.restore(block, input(contract), tensors, manager, reason);
        return block;
    }

    private static Shape input(PreprocessContract contract) {
        return new Shape(1, contract.channels(), contract.height(), contract.width());
    }

    private static LoadReport load(Block block, Path file) throws IOException {
        try {
            return WeightLoader.load(block, WeightFile.read(file), Head.MAY_DIFFER);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }
}
