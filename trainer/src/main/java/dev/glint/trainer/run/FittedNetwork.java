package dev.glint.trainer.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.glint.onnx.quantize.calibrate.CalibrationPictures;
import dev.glint.onnx.quantize.calibrate.KeptPixels;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.qat.QatNetwork;
import dev.glint.trainer.weights.PretrainedWeights;
import dev.glint.trainer.weights.StoredWeights;
import dev.glint.trainer.weights.block.StateDict;
import dev.glint.trainer.weights.safetensors.Safetensors;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** What a run fits: the network itself, or its quantised form, whose weights are stored as those of the network. */
final class FittedNetwork {
    private static final int CALIBRATION_PICTURES = 500;

    private final Block network;
    private final Optional<QatNetwork> quantized;

    private FittedNetwork(Block network, Optional<QatNetwork> quantized) {
        this.network = network;
        this.quantized = quantized;
    }

    /**
     * What a run begins with.
     *
     * @param notes is told what it begins with, a line each
     * @throws GlintException ({@code INPUT}) if there are no such weights, ({@code MODEL}) if a network cannot be fitted in
     *     its quantised form
     */
    static FittedNetwork initial(
            RunConfig config, DataSplit data, PreprocessContract contract, NDManager manager, Consumer<String> notes)
            throws IOException {
        PretrainedWeights floatRun = config.floatRun();
        if (floatRun == null) {
            return new FittedNetwork(RunBlock.initial(config, data, contract, manager, notes), Optional.empty());
        }
        Path folder = Objects.requireNonNull(floatRun.file().getParent());
        try {
            requireSameContract(RunFolder.open(folder).contract(), contract);
            Block floats = RunBlock.restored(
                    config, contract, Safetensors.read(floatRun.file()).tensors(), manager, Reason.INPUT);
            CalibrationPictures pictures = pictures(data.train(), contract.decodeOptions(), config.seed());
            KeptPixels pixels = pictures.pixels(new Preprocessor(contract));
            QatNetwork quantized = QatNetwork.calibrated(
                    floats,
                    manager,
                    contract,
                    new QatNetwork.Calibration(pictures.tensors(pixels), pictures.heldOutTensors(pixels)));
            notes.accept(folder + ": " + quantized.plan().integerNodes().size() + " steps in integers, "
                    + quantized.plan().floatNodes().size() + " in floats; ranges of " + pictures.indices().length
                    + " training pictures to begin with");
            return new FittedNetwork(floats, Optional.of(quantized));
        } catch (GlintException e) {
            throw e.about(folder);
        }
    }

    private static CalibrationPictures pictures(PictureSet training, DecodeOptions options, long seed) {
        return CalibrationPictures.sample(
                "training", training.size(), CALIBRATION_PICTURES, seed, i -> training.picture(i, options));
    }

    private static void requireSameContract(PreprocessContract before, PreprocessContract now) {
        if (!before.equals(now)) {
            throw GlintException.failure(
                    Reason.INPUT,
                    "pictures prepared by " + before.toJson(),
                    now.toJson() + " as the pictures are now",
                    "bring the pictures of that run back, or fit it again");
        }
    }

    /**
     * What a run goes on with.
     *
     * @throws GlintException ({@code INPUT}) if the weights do not fit
     */
    static FittedNetwork restored(Checkpoint checkpoint, NDManager manager) {
        RunConfig config = checkpoint.config();
        Block network = RunBlock.restored(
                config, checkpoint.contract(), checkpoint.model().tensors(), manager, Reason.INPUT);
        if (config.floatRun() == null) {
            return new FittedNetwork(network, Optional.empty());
        }
        QatNetwork quantized = QatNetwork.restored(
                network, manager, checkpoint.contract(), checkpoint.model().ranges());
        quantized.restoreScales(checkpoint.scales());
        return new FittedNetwork(network, Optional.of(quantized));
    }

    /** What is fitted. */
    Block block() {
        return quantized.map(QatNetwork::block).orElse(network);
    }

    /**
     * What is stored of it.
     *
     * @param weights of the block, by the names of its parameters; are shown, not copied
     */
    StoredModel stored(Map<String, NDArray> weights) {
        if (quantized.isEmpty()) {
            return new StoredModel(StoredWeights.tensors(weights), Map.of());
        }
        Map<String, Parameter> parameters = StateDict.parameters(network);
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        quantized.get().stateDict(weights).forEach((name, values) -> {
            List<Long> shape = Arrays.stream(Objects.requireNonNull(parameters.get(name))
                            .getShape()
                            .getShape())
                    .boxed()
                    .toList();
            tensors.put(name, StoredTensor.floats(values, shape));
        });
        return new StoredModel(tensors, quantized.get().ranges(weights));
    }

    /** What going on to the bit needs besides. */
    Map<String, StoredTensor> scales(Map<String, NDArray> weights) {
        return quantized
                .map(network -> StoredWeights.tensors(network.scales(weights)))
                .orElse(Map.of());
    }
}
