package dev.glint.trainer.report;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import com.google.gson.JsonObject;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.image.Image;
import dev.glint.trainer.baseline.BaselineResult;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.SplitReview;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.report.Judgement.Answer;
import dev.glint.trainer.run.RunFolder;
import dev.glint.trainer.weights.block.StateDict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The report of a run: one HTML file that needs no network. The same run folder gives the same bytes on the same
 * machine.
 */
public final class RunReport {
    private static final int MISTAKES = 16;

    private RunReport() {}

    /**
     * Judges a run's best weights by its test pictures and writes the report into its folder.
     *
     * @param device judges, one that can be used
     * @param notes is told about each file beside the run that is left out, a line each
     * @return the file
     * @throws GlintException ({@code INPUT}, {@code MODEL}) naming the file of the run that is missing or invalid
     * @throws IOException if the report cannot be written; an older one is as it was
     */
    public static Path write(RunFolder run, Device device, Consumer<String> notes) throws IOException {
        List<EpochMetrics> epochs = run.epochs();
        DataSplit data = run.data();
        Path file = run.path().resolve(RunFolder.REPORT);
        try (NDManager manager = TorchEngine.newManager(run.config().threads(), device)) {
            AtomicFile.write(file, page(run, epochs, data, run.block(manager), manager, notes));
        }
        return file;
    }

    private static String page(
            RunFolder run,
            List<EpochMetrics> epochs,
            DataSplit data,
            Block block,
            NDManager manager,
            Consumer<String> notes)
            throws IOException {
        Preprocessor preprocessor = new Preprocessor(run.contract());
        Judgement judgement = Judgement.judge(
                block, manager, preprocessor, data, run.config().recipe().testFlip());
        String name = run.path().toAbsolutePath().normalize().getFileName().toString();
        SplitReview review = SplitReview.review(data);
        Map<String, JsonObject> charts = new LinkedHashMap<>();
        Html html = new Html();
        OverviewSections overview = new OverviewSections(html, charts, run, epochs, data, review);
        overview.heading(name, StateDict.trainableCount(block), judgement);
        overview.curves();
        overview.baselines(judgement, BaselineResult.beside(run.path(), notes));
        ClassSections classes =
                new ClassSections(html, charts, judgement.matrix(), review.trainingCounts(), data.judging());
        classes.confusion();
        classes.metrics();
        PictureSections pictures = new PictureSections(html, data.labels(), data.judging(), data.test());
        pictures.mistakes(
                judgement.surestMistakes(MISTAKES),
                judgement.matrix(),
                index -> data.test().pixels(index, preprocessor));
        pictures.filters(FilterTiles.extract(block, run.contract()));
        Answer first = judgement.answers().get(0);
        Image pixels = data.test().pixels(first.picture(), preprocessor);
        try (NDManager step = manager.newSubManager()) {
            pictures.featureMaps(first, pixels, FeatureMaps.trace(block, tensor(pixels, preprocessor, step), step));
        }
        overview.timing();
        new SettingsSection(html, run).write();
        return Page.render(name + " - Glint", html, charts);
    }

    private static NDArray tensor(Image pixels, Preprocessor preprocessor, NDManager manager) {
        PreprocessContract contract = preprocessor.contract();
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(contract.tensorSize() * Float.BYTES).order(ByteOrder.nativeOrder());
        FloatBuffer values = bytes.asFloatBuffer();
        preprocessor.normalize(pixels.samples(), 0, values);
        return manager.create(
                bytes, new Shape(1, contract.channels(), contract.height(), contract.width()), DataType.FLOAT32);
    }
}
