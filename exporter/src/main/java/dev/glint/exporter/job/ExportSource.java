package dev.glint.exporter.job;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.evaluate.TestSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A network that can be exported, and the pictures that tell whether that went well. */
public sealed interface ExportSource permits RunSource, WeightSource {

    /** The run folder or the file of weights: what failures are about. */
    Path path();

    /** What pictures go through before the network sees them, with its labels. */
    PreprocessContract contract();

    /** Threads of the engine that runs the network. */
    int threads();

    /**
     * The network with its weights.
     *
     * @param manager owns the weights; closing it frees them
     * @throws dev.glint.runtime.failure.GlintException if the weights are not those of the network
     * @throws IOException if they cannot be read
     */
    Block block(NDManager manager) throws IOException;

    /** What the network's logits and the exported model's are compared on; at least one picture. */
    PictureSet pictures();

    /** What accuracy is measured with; empty if nobody has labelled pictures. */
    Optional<TestSet> test();
}
