package dev.glint.exporter.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.qat.QatNetwork;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.run.FitJob;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.run.RunFolder;
import dev.glint.trainer.weights.PretrainedWeights;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a float run to a quantisation-aware one, to a model folder, to integers. */
class QatRunTest {
    private static final int COMPARED = 100;

    /**
     * Of so many pictures one value may lie so close to the middle of two steps that the sum of floats rounds it to the other one:
     * which, and whether any, depends on the processor that fitted the weights.
     */
    private static final int ON_AN_EDGE = 5;

    @TempDir
    Path folder;

    private RunFolder run = BarRun.get();
    private Path model = Path.of("");

    @BeforeEach
    void fitAndExport() throws IOException {
        PretrainedWeights weights =
                PretrainedWeights.describe(BarRun.get().path().resolve(RunFolder.BEST));
        RunConfig aware = BarRun.get().config().quantizationAware(weights);
        RunConfig faster = new RunConfig(
                aware.model(),
                aware.pictures(),
                null,
                aware.floatRun(),
                aware.recipe().replacing(Hyperparameter.LEARNING_RATE, 0.003),
                aware.threads(),
                aware.device(),
                aware.versions());
        run = FitJob.run(folder.resolve("run"), false, faster, new FitJob.Listener() {});
        model = folder.resolve("model");
        CommandRun exported = CommandRun.of("export", run.path(), "--out", model);
        assertEquals(0, exported.exitCode(), exported.err());
    }

    @Test
    void integersComputeWhatWasFitted() {
        CommandRun quantized = CommandRun.of("quantize", model, "--calibration", run.path());
        assertEquals(0, quantized.exitCode(), quantized.err());
        PreprocessContract contract = run.contract();
        Preprocessor preprocessor = new Preprocessor(contract);
        PictureSet pictures = run.data().test();
        double[] fromFitted = new double[COMPARED];
        double fromFloats = 0;
        double largest = 0;
        try (NDManager manager = TorchEngine.newManager(1);
                Classifier integers = Classifier.open(model.resolve("int8.onnx"));
                Classifier floats = Classifier.open(model.resolve("fp32.onnx"))) {
            QatNetwork network = QatNetwork.restored(run.block(manager), manager, contract, run.ranges());
            for (int i = 0; i < COMPARED; i++) {
                Image picture = pictures.picture(i, contract.decodeOptions());
                float[] fitted = fitted(network, manager, preprocessor, picture);
                float[] ofIntegers = integers.logits(picture);
                float[] ofFloats = floats.logits(picture);
                for (int k = 0; k < fitted.length; k++) {
                    fromFitted[i] = Math.max(fromFitted[i], Math.abs(fitted[k] - ofIntegers[k]));
                    fromFloats = Math.max(fromFloats, Math.abs(fitted[k] - ofFloats[k]));
                    largest = Math.max(largest, Math.abs(fitted[k]));
                }
            }
        }
        assertTrue(largest > 1, "logits that say something");
        double same = fromFloats / 1000;
        long rounded = Arrays.stream(fromFitted).filter(each -> each > same).count();
        String found = Arrays.toString(fromFitted) + " from the integers, " + fromFloats + " from the floats";
        assertTrue(rounded <= ON_AN_EDGE, found);
        assertTrue(Arrays.stream(fromFitted).max().orElseThrow() < fromFloats, found);
    }

    private static float[] fitted(QatNetwork network, NDManager manager, Preprocessor preprocessor, Image picture) {
        PreprocessContract contract = preprocessor.contract();
        float[] values = new float[contract.tensorSize()];
        preprocessor.preprocess(picture, FloatBuffer.wrap(values));
        try (NDManager scope = manager.newSubManager()) {
            NDArray input =
                    scope.create(values, new Shape(1, contract.channels(), contract.height(), contract.width()));
            return network.block()
                    .forward(new ParameterStore(scope, false), new NDList(input), false)
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    @Test
    void theManifestSaysWhereTheRangesComeFrom() throws IOException {
        CommandRun quantized = CommandRun.of("quantize", model, "--calibration", run.path());
        assertEquals(0, quantized.exitCode(), quantized.err());
        String manifest = Files.readString(model.resolve("manifest.json"));
        assertTrue(manifest.contains("\"fitted\""), manifest);
    }

    @Test
    void rangesOfOtherWeightsAreRefused() {
        Path floats = folder.resolve("floats");
        CommandRun exported = CommandRun.of("export", BarRun.get().path(), "--out", floats);
        assertEquals(0, exported.exitCode(), exported.err());
        CommandRun refused = CommandRun.of("quantize", floats, "--calibration", run.path());
        assertEquals(3, refused.exitCode(), refused.err());
        assertTrue(refused.err().contains("weights are not those of the model"), refused.err());
        assertTrue(Files.notExists(floats.resolve("int8.onnx")));
    }
}
