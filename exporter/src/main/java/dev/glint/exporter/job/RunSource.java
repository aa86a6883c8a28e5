package dev.glint.exporter.job;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.trainer.run.RunFolder;
import java.nio.file.Path;
import java.util.Optional;

/** The best weights of a run, judged by its held-out pictures. */
public final class RunSource implements ExportSource {
    private final RunFolder run;
    private final TestSet heldOut;

    /**
     * Opens the run's pictures.
     *
     * @throws dev.glint.runtime.failure.GlintException ({@code INPUT}) if they are not what they were
     */
    public RunSource(RunFolder run) {
        this.run = run;
        this.heldOut = PictureSources.heldOut(run);
    }

    @Override
    public Path path() {
        return run.path();
    }

    @Override
    public PreprocessContract contract() {
        return run.contract();
    }

    @Override
    public int threads() {
        return run.config().threads();
    }

    @Override
    public Block block(NDManager manager) {
        return run.block(manager);
    }

    @Override
    public PictureSet pictures() {
        return heldOut.pictures();
    }

    @Override
    public Optional<TestSet> test() {
        return Optional.of(heldOut);
    }
}
