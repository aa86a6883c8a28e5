package dev.glint.exporter.job;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.evaluate.NoisePictures;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.weights.WeightFile;
import dev.glint.trainer.weights.WeightLoader;
import dev.glint.trainer.weights.WeightLoader.Head;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file of weights that others have fitted, in the layout of one of our architectures. */
public final class WeightSource implements ExportSource {
    private final Architecture architecture;
    private final Path weights;
    private final PreprocessContract contract;
    private final Optional<TestSet> test;

    /**
     * Describes the network; the file is read later.
     *
     * @param contract as the network was fitted with, with a label for each of its classes
     * @param data labelled pictures in a folder per class; empty if there are none, then noise is what logits are compared
     *     on
     * @throws GlintException ({@code INPUT}) if the labelled pictures are not as expected
     */
    public WeightSource(Architecture architecture, Path weights, PreprocessContract contract, Optional<Path> data) {
        this.architecture = architecture;
        this.weights = weights;
        this.contract = contract;
        this.test = data.map(path -> PictureSources.labelled(path, contract));
    }

    @Override
    public Path path() {
        return weights;
    }

    @Override
    public PreprocessContract contract() {
        return contract;
    }

    @Override
    public int threads() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Block block(NDManager manager) throws IOException {
        Block block = architecture.build(contract.labels().size());
        BlockWeights.allocate(block, manager, new Shape(1, contract.channels(), contract.height(), contract.width()));
        try {
            Map<String, StoredTensor> tensors = WeightFile.read(weights);
            requireLabels(tensors.get(StateDict.head(block) + ".weight"));
            WeightLoader.load(block, tensors, Head.MUST_FIT);
            return block;
        } catch (GlintException e) {
            throw e.about(weights);
        }
    }

    /** What is no head is left to the loader. */
    private void requireLabels(@Nullable StoredTensor head) {
        int labels = contract.labels().size();
        if (head != null && !head.shape().isEmpty() && head.shape().get(0) != labels) {
            throw GlintException.failure(
                    Reason.INPUT,
                    "weights of " + head.shape().get(0) + " classes",
                    "those of as many classes as there are labels, " + labels,
                    "name the labels of these weights");
        }
    }

    @Override
    public PictureSet pictures() {
        return test.map(TestSet::pictures).orElseGet(() -> new NoisePictures(contract));
    }

    @Override
    public Optional<TestSet> test() {
        return test;
    }
}
