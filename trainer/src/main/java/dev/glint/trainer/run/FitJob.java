package dev.glint.trainer.run;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.SplitReview;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.fit.Fitter;
import dev.glint.trainer.weights.StoredWeights;
import dev.glint.trainer.weights.block.StateDict;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A whole fit: from a configuration to a run folder. */
public final class FitJob {

    /** Is told how a fit goes. */
    public interface Listener {
        /**
         * Before the first step: about a picture file that is left out, about what the weights begin with, and when the
         * pictures do not fit on the GPU.
         */
        default void noted(String note) {}

        /** When a run goes on, or turns out to be finished. */
        default void resumed(Checkpoint checkpoint) {}

        /** Before the first step: about the pictures, where the run is not finished already. */
        default void reviewed(SplitReview review) {}

        /** Before the first step: what decides the run, as its folder keeps it. */
        default void configured(RunConfig config) {}

        /** Before the first step. */
        default void started(long trainableParameters, int stepsPerEpoch) {}

        /** After each step; the fit ends at what this throws. */
        default void stepped(int epoch, int step) {}

        /** After each epoch, when its files are written. */
        default void epochDone(EpochMetrics epoch, boolean best) {}
    }

    private final RunConfig config;
    private final PreprocessContract contract;
    private final long trainableParameters;
    private final Listener listener;

    private FitJob(RunConfig config, PreprocessContract contract, long trainableParameters, Listener listener) {
        this.config = config;
        this.contract = contract;
        this.trainableParameters = trainableParameters;
        this.listener = listener;
    }

    /**
     * Fits a model and writes its run folder.
     *
     * @param folder new or empty, or with an older run
     * @param replace whether a run that has an epoch behind it may be replaced
     * @return the run
     * @throws GlintException ({@code INPUT}) if the pictures or the weights are not as expected or the folder is not free,
     *     ({@code GATE}) if the loss becomes infinite, ({@code LIMIT}) if the device has too little memory; the epochs
     *     before stay written
     * @throws IOException if the folder cannot be written
     */
    public static RunFolder run(Path folder, boolean replace, RunConfig asked, Listener listener) throws IOException {
        RunWriter.requireFree(folder, replace);
        DataSplit data = asked.openData(listener::noted);
        RunConfig config = asked.withNamesOf(data);
        PreprocessContract contract = config.contract(data);
        try (NDManager manager = TorchEngine.newManager(config.threads(), config.device());
                RunWriter writer = RunWriter.begin(folder, replace)) {
            // Else a file that is broken would show in the middle of an epoch, or after it.
            data.requireReadable(new Preprocessor(contract));
            listener.reviewed(SplitReview.review(data));
            FittedNetwork network = FittedNetwork.initial(config, data, contract, manager, listener::noted);
            long trainableParameters = StateDict.trainableCount(network.block());
            Fitter fitter = new Fitter(
                    network.block(), data, new Preprocessor(contract), config.recipe(), config.seed(), manager);
            new FitJob(config, contract, trainableParameters, listener).fit(network, fitter, List.of(), writer);
        } catch (EngineException e) {
            throw TorchEngine.explained(e, config.device());
        }
        return RunFolder.open(folder);
    }

    /**
     * Goes on with a run whose process was ended after its first epoch, behind the last epoch that was done. On the CPU
     * the run ends with the bytes that it would have had, except for the times in its metrics. A finished run stays as it
     * is.
     *
     * @param folder with a checkpoint
     * @return the run
     * @throws GlintException ({@code INPUT}) if there is no checkpoint, a broken one, or one of other pictures than those
     *     there are now, or if another process is fitting the run; otherwise as {@link #run}
     * @throws IOException if the folder cannot be written
     */
    public static RunFolder resume(Path folder, Listener listener) throws IOException {
        return resume(folder, Checkpoint.read(folder).config().device(), listener);
    }

    /** The same on another device than the one that the run began on. */
    public static RunFolder resume(Path folder, Device device, Listener listener) throws IOException {
        try (RunWriter writer = RunWriter.resume(folder)) {
            Checkpoint checkpoint = Checkpoint.read(folder);
            listener.resumed(checkpoint);
            if (!checkpoint.isFinished() || !writer.isUpTo(checkpoint)) {
                goOn(checkpoint, device, folder, writer, listener);
            }
        }
        return RunFolder.open(folder);
    }

    private static void goOn(Checkpoint checkpoint, Device device, Path folder, RunWriter writer, Listener listener)
            throws IOException {
        RunConfig config = checkpoint.config().onDevice(device);
        DataSplit data = config.openData(listener::noted);
        checkpoint.requireSamePictures(data);
        listener.reviewed(SplitReview.review(data));
        try (NDManager manager = TorchEngine.newManager(config.threads(), config.device())) {
            Preprocessor preprocessor = new Preprocessor(checkpoint.contract());
            FittedNetwork network;
            Fitter fitter;
            try {
                network = checkpoint.network(manager);
                fitter = new Fitter(network.block(), data, preprocessor, config.recipe(), config.seed(), manager);
                checkpoint.restore(fitter);
            } catch (GlintException e) {
                throw e.about(folder.resolve(RunFolder.STATE));
            }
            writer.publishIfBehind(checkpoint, network.stored(fitter.weights()));
            new FitJob(config, checkpoint.contract(), checkpoint.trainableParameters(), listener)
                    .fit(network, fitter, checkpoint.epochs(), writer);
        } catch (EngineException e) {
            throw TorchEngine.explained(e, config.device());
        }
    }

    private void fit(FittedNetwork network, Fitter fitter, List<EpochMetrics> done, RunWriter writer)
            throws IOException {
        fitter.hostReason().ifPresent(reason -> listener.noted("pictures go to the GPU batch by batch: " + reason));
        listener.configured(config);
        listener.started(trainableParameters, fitter.stepsPerEpoch());
        List<EpochMetrics> epochs = new ArrayList<>(done);
        while (fitter.epochs() < config.recipe().epochs()) {
            int number = fitter.epochs() + 1;
            epochs.add(fitter.epoch(step -> listener.stepped(number, step)));
            Map<String, StoredTensor> state = new LinkedHashMap<>(StoredWeights.tensors(fitter.state()));
            state.putAll(network.scales(fitter.ownWeights()));
            Checkpoint checkpoint = new Checkpoint(
                    config, contract, trainableParameters, epochs, network.stored(fitter.ownWeights()), state);
            writer.write(checkpoint, network.stored(fitter.weights()));
            listener.epochDone(epochs.get(number - 1), checkpoint.lastIsBest());
        }
    }
}
