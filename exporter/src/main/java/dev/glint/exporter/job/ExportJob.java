package dev.glint.exporter.job;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.StagedFolder;
import dev.glint.exporter.verify.GoldenRecording;
import dev.glint.exporter.verify.GoldenRecording.Picture;
import dev.glint.exporter.verify.LogitsCheck;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.evaluate.LatencyMeasurement;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.qat.TracedNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** From a network with its weights to a model folder with {@code fp32.onnx}. */
public final class ExportJob {
    /** On how many pictures at most the model's logits are compared with the block's. */
    private static final int COMPARED_PICTURES = 100;

    private ExportJob() {}

    /**
     * What an export gave.
     *
     * @param manifest of the new folder
     * @param check how far the model is from the block
     */
    public record Result(Manifest manifest, LogitsCheck check) {}

    /**
     * Exports a network: traces its block, checks the model's answers against the block's, tests it on all labelled
     * pictures, if there are any, and writes the folder.
     *
     * @param out a new or empty folder
     * @param replace whether a model that is there may be replaced
     * @param golden a folder whose pictures become golden samples; synthetic ones without it
     * @throws GlintException ({@code INPUT}) if the weights or the folder cannot be used, ({@code MODEL}) if the block
     *     cannot be exported, ({@code GATE}) if the model's answers differ, or its golden samples do not hold; nothing is
     *     written then
     * @throws IOException if weights cannot be read or the folder cannot be written
     */
    public static Result run(
            ExportSource source, Path out, boolean replace, Optional<Path> golden, JobListener listener)
            throws IOException {
        StagedFolder.requireReplaceable(out, replace);
        PictureSet pictures = source.pictures();
        List<Picture> goldenPictures = GoldenPictures.choose(golden);
        try (NDManager manager = TorchEngine.newManager(source.threads());
                StagedFolder folder = StagedFolder.beside(out)) {
            Block block = source.block(manager);
            OnnxModel model = GoldenRecording.into(
                    FloatFolder.withBaseline(
                            model(block, manager, source.contract()), source.contract(), source.test()),
                    source.contract(),
                    goldenPictures);
            Path file = folder.write(ModelFolder.FP32, model);
            LogitsCheck check;
            Latency latency;
            try (Classifier classifier = Classifier.open(file)) {
                check = LogitsCheck.compare(block, manager, classifier, pictures, COMPARED_PICTURES);
                check.require();
                latency = LatencyMeasurement.defaults()
                        .measure(
                                List.of(classifier),
                                pictures.picture(0, source.contract().decodeOptions()))
                        .get(0);
            }
            Manifest manifest = FloatFolder.publish(folder, file, source.test(), latency, Optional.empty(), listener);
            return new Result(manifest, check);
        } catch (GlintException e) {
            throw e.about(source.path());
        }
    }

    /** The ONNX model of a block, with its contract in the metadata, without golden samples. */
    public static OnnxModel model(Block block, NDManager manager, PreprocessContract contract) {
        return TracedNetwork.trace(block, manager, contract).model();
    }
}
