package dev.glint.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.glint.exporter.job.ExportJob;
import dev.glint.exporter.job.LabelFile;
import dev.glint.exporter.job.WeightSource;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.runtime.decode.PictureFiles;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Prediction;
import dev.glint.runtime.testing.SharedData;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ResNet-18 with weights for ImageNet, exported without any fitting and run as a device runs it. */
class PublicWeightsTest {
    @TempDir
    private static Path folder;

    private static Classifier classifier;

    @BeforeAll
    static void export() throws IOException {
        LabelFile labels = LabelFile.read(SharedData.require("resnet18/imagenet_classes.txt"));
        assertEquals(List.of("crane", "maillot"), labels.repeated());
        Path weights = SharedData.requireUnpacked("resnet18/resnet18.safetensors.xz", folder);
        WeightSource source = new WeightSource(
                Architecture.RESNET18,
                weights,
                Architecture.RESNET18.input().contract(labels.labels()),
                Optional.empty());
        try (NDManager manager = TorchEngine.newManager(source.threads())) {
            byte[] model = OnnxWriter.write(ExportJob.model(source.block(manager), manager, source.contract()));
            classifier = Classifier.open(Files.write(folder.resolve("resnet18.onnx"), model));
        }
    }

    @AfterAll
    static void close() {
        if (classifier != null) {
            classifier.close();
        }
    }

    @Test
    void seesASamoyed() {
        Prediction.Candidate top =
                classifier.classify(SharedData.require("photos/dog.jpg"), 1).top();
        assertEquals("Samoyed", top.label());
        assertEquals(0.836, top.probability(), 0.002);
    }

    @Test
    void recognisesFortyOfFiftyPhotos() {
        List<Path> photos = PictureFiles.list(SharedData.require("photos/imagenet-samples"));
        assertEquals(50, photos.size());
        int right = 0;
        for (Path photo : photos) {
            int expected = Integer.parseInt(photo.getFileName().toString().substring(0, 3));
            right += classifier.classify(photo, 1).top().index() == expected ? 1 : 0;
        }
        assertTrue(right >= 40, right + " of 50");
    }
}
