package dev.glint.exporter.job;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.calibrate.CalibrationPictures;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.PictureFiles;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.run.RunFolder;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Pictures by the path of a folder or of a run. */
final class PictureSources {
    private PictureSources() {}

    static boolean isRun(Path path) {
        return Files.exists(path.resolve(RunFolder.CONFIG));
    }

    /** The held-out pictures of a run. */
    static TestSet heldOut(RunFolder run) {
        String name = kind(run) + " held-out, seed " + run.config().seed();
        return new TestSet(name, run.contract().labels(), run.data().test());
    }

    /** What a model is judged by: the held-out pictures of a run, or a folder per class. */
    static TestSet labelled(Path path, PreprocessContract contract) {
        if (isRun(path)) {
            return heldOut(fitting(path, contract));
        }
        return TestSet.fromFolder(path, contract.labels());
    }

    /** A sample of what ranges are found with: the training pictures of a run, or all pictures of a folder. */
    static CalibrationPictures calibration(Path path, PreprocessContract contract, int samples, long seed) {
        DecodeOptions options = contract.decodeOptions();
        if (isRun(path)) {
            RunFolder run = fitting(path, contract);
            PictureSet train = run.data().train();
            return CalibrationPictures.sample(
                    kind(run) + " training", train.size(), samples, seed, i -> train.picture(i, options));
        }
        List<Path> files = PictureFiles.list(path);
        return CalibrationPictures.sample(
                name(path), files.size(), samples, seed, i -> ImageDecoder.decode(files.get(i), options));
    }

    /**
     * The ranges that a quantisation-aware run has fitted; empty for other runs, and for pictures.
     *
     * @throws GlintException ({@code INPUT}) if they go with other weights than those of the model
     */
    static Map<String, Range> fittedRanges(Path path, OnnxModel model) {
        if (!isRun(path)) {
            return Map.of();
        }
        RunFolder run = RunFolder.open(path);
        if (run.isQuantizationAware() && !holdsWeights(model, run)) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "a quantisation-aware run whose weights are not those of the model",
                            "the run that the model was exported from",
                            "export this run with exporter export, or name the run that the model comes from")
                    .about(path);
        }
        return run.ranges();
    }

    /** Layers keep the names and the values of their weights when they are exported. */
    private static boolean holdsWeights(OnnxModel model, RunFolder run) {
        boolean any = false;
        for (Map.Entry<String, StoredTensor> stored : run.weights().entrySet()) {
            Tensor exported = model.graph().initializers().get(stored.getKey());
            if (exported != null && exported.type() == ElementType.FLOAT) {
                if (!Arrays.equals(exported.toFloats(), stored.getValue().floats())) {
                    return false;
                }
                any = true;
            }
        }
        return any;
    }

    /** A run whose pictures suit a model. */
    private static RunFolder fitting(Path path, PreprocessContract contract) {
        RunFolder run = RunFolder.open(path);
        if (!run.contract().labels().equals(contract.labels())) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "a run with the labels " + run.contract().labels(),
                            "those of the model, " + contract.labels(),
                            "name the run that the model was exported from")
                    .about(path);
        }
        return run;
    }

    /** The kind of a run's pictures, without the place where they lie on this machine. */
    private static String kind(RunFolder run) {
        return run.config().data().toString().replaceFirst(":.*", "");
    }

    private static String name(Path path) {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }
}
