package dev.glint.trainer.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.testing.SharedData;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.BatchNormCalibration;
import dev.glint.trainer.weights.WeightLoader.Head;
import dev.glint.trainer.weights.block.BlockWeights;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ResNet-18 with weights for ImageNet, through the runtime's preprocessing. */
class PublicWeightsTest {
    private static final int CLASSES = 1000;

    @TempDir
    private static Path folder;

    private static NDManager manager;
    private static Block block;
    private static List<String> labels;
    private static Preprocessor preprocessor;

    @BeforeAll
    static void load() throws IOException {
        List<String> names = Files.readAllLines(SharedData.require("resnet18/imagenet_classes.txt"));
        Path file = SharedData.requireUnpacked("resnet18/resnet18.safetensors.xz", folder);
        // Some names occur twice, and labels are unique.
        labels = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            labels.add(i + " " + names.get(i));
        }
        preprocessor = new Preprocessor(Architecture.RESNET18.input().contract(labels));
        manager = TorchEngine.newManager(Runtime.getRuntime().availableProcessors());
        block = Architecture.RESNET18.build(CLASSES);
        BlockWeights.allocate(block, manager, Architecture.RESNET18.inputShape());
        LoadReport report = WeightLoader.load(block, WeightFile.read(file), Head.MUST_FIT);
        assertEquals(102, report.loaded().size());
    }

    @AfterAll
    static void close() {
        if (manager != null) {
            manager.close();
        }
    }

    @Test
    void seesASamoyed() {
        float[] logits = logits(SharedData.require("photos/dog.jpg"));
        int best = best(logits);
        assertTrue(labels.get(best).endsWith(" Samoyed"), labels.get(best));
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - logits[best]);
        }
        assertEquals(0.836, 1 / sum, 0.002);
    }

    /** As many as torchvision with the same weights; the calibration must not change one of them. */
    @Test
    void recognisesFortyOfFiftyPhotosAndGoesOnAfterCalibration() throws IOException {
        List<Path> photos;
        try (Stream<Path> files = Files.list(SharedData.require("photos/imagenet-samples"))) {
            photos = files.sorted().toList();
        }
        assertEquals(50, photos.size());
        List<Integer> found = photos.stream().map(photo -> best(logits(photo))).toList();
        long right = 0;
        for (int i = 0; i < photos.size(); i++) {
            int expected =
                    Integer.parseInt(photos.get(i).getFileName().toString().substring(0, 3));
            right += expected == found.get(i) ? 1 : 0;
        }
        assertEquals(40, right);
        List<NDArray> some =
                photos.subList(0, 10).stream().map(PublicWeightsTest::input).toList();
        BatchNormCalibration.apply(block, some);
        for (int i = 0; i < 10; i++) {
            assertEquals(found.get(i), best(logits(photos.get(i))));
        }
    }

    private static NDArray input(Path photo) {
        FloatBuffer tensor = FloatBuffer.allocate(preprocessor.contract().tensorSize());
        preprocessor.preprocess(
                ImageDecoder.decode(photo, preprocessor.contract().decodeOptions()), tensor);
        return manager.create(tensor.array(), new Shape(1, 3, 224, 224));
    }

    private static float[] logits(Path photo) {
        try (NDArray input = input(photo);
                NDArray logits = block.forward(new ParameterStore(manager, false), new NDList(input), false)
                        .singletonOrThrow()) {
            return logits.toFloatArray();
        }
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
