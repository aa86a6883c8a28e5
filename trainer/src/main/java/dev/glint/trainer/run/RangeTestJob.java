package dev.glint.trainer.run;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.fit.Fitter;
import dev.glint.trainer.fit.RangeTest;
import dev.glint.trainer.recipe.Recipe;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** A learning rate range test: from a configuration to its curve, with the first weights that a fit would have. */
public final class RangeTestJob {
    private RangeTestJob() {}

    /**
     * Runs the test; see {@link RangeTest#run}. All that the fit ever changes is fitted at once, also where the fit itself
     * begins with the head alone: what a rate does to the head of a network that stays as it is says nothing about it.
     *
     * @param notes is told about each picture file that is left out, and about what the weights begin with
     * @throws IOException if weights cannot be read
     */
    public static RangeTest run(
            RunConfig config, double lowest, double highest, int steps, IntConsumer progress, Consumer<String> notes)
            throws IOException {
        Recipe recipe = config.recipe().withoutHeadPhase();
        if (!recipe.equals(config.recipe())) {
            notes.accept("tests the whole network, as it is fitted from epoch "
                    + (config.recipe().fineTuning().frozenEpochs() + 1) + " on");
        } else if (recipe.fineTuning().frozenEpochs() > 0) {
            notes.accept("tests the head alone, as it is fitted in all epochs");
        }
        DataSplit data = config.openData(notes);
        PreprocessContract contract = config.contract(data);
        try (NDManager manager = TorchEngine.newManager(config.threads(), config.device())) {
            Block block = RunBlock.initial(config, data, contract, manager, notes);
            Fitter fitter = new Fitter(block, data, new Preprocessor(contract), recipe, config.seed(), manager);
            return RangeTest.run(fitter, data.labels().size(), lowest, highest, steps, progress);
        } catch (EngineException e) {
            throw TorchEngine.explained(e, config.device());
        }
    }
}
