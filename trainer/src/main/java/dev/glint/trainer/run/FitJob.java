package dev.glint.trainer.run;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.glint.runtime.GlintException;
import dev.glint.runtime.PreprocessContract;
import dev.glint.runtime.Preprocessor;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.fit.Fitter;
import dev.glint.trainer.model.StateDict;
import dev.glint.trainer.model.TorchEngine;
import java.io.IOException;
import java.nio.file.Path;

/** A whole fit: from a configuration to a run folder. */
public final class FitJob {

    /** Is told how a fit goes. */
    public interface Listener {
        /** While the pictures are opened, about a file that is left out. */
        default void noted(String note) {}

        /** Before the first step. */
        default void started(long trainableParameters, int stepsPerEpoch) {}

        /** After each step; the fit ends at what this throws. */
        default void stepped(int epoch, int step) {}

        /** After each epoch, when its files are written. */
        default void epochDone(EpochMetrics epoch, boolean best) {}
    }

    private FitJob() {}

    /**
     * Fits a model and writes its run folder.
     *
     * @param folder new or empty, or with an older run
     * @param replace whether a run that has an epoch behind it may be replaced
     * @return the run
     * @throws GlintException ({@code INPUT}) if the pictures are not as expected or the folder is not free, ({@code GATE})
     *     if the loss becomes infinite; the epochs before stay written
     * @throws IOException if the folder cannot be written
     */
    public static RunFolder run(Path folder, boolean replace, RunConfig config, Listener listener) throws IOException {
        RunWriter.requireFree(folder, replace);
        DataSplit data = config.openData(listener::noted);
        PreprocessContract contract = config.contract(data);
        try (NDManager manager = TorchEngine.newManager(config.threads())) {
            Block block = FirstWeights.block(config, data, contract, manager);
            Fitter fitter =
                    new Fitter(block, data, new Preprocessor(contract), config.recipe(), config.seed(), manager);
            listener.started(StateDict.trainableCount(block), fitter.stepsPerEpoch());
            RunWriter writer = new RunWriter(folder, config, contract);
            double bestAccuracy = -1;
            while (fitter.epochs() < config.recipe().epochs()) {
                int number = fitter.epochs() + 1;
                EpochMetrics epoch = fitter.epoch(step -> listener.stepped(number, step));
                boolean best = epoch.heldOut().accuracy() > bestAccuracy;
                bestAccuracy = Math.max(bestAccuracy, epoch.heldOut().accuracy());
                writer.epoch(epoch, best, fitter);
                listener.epochDone(epoch, best);
            }
        }
        return RunFolder.open(folder);
    }
}
