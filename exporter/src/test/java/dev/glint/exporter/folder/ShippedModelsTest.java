package dev.glint.exporter.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.golden.EngineReplay;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The models that come with the project. */
class ShippedModelsTest {
    private static final Path MODELS = SharedData.projectRoot().resolve("edge-samples/models");

    @Test
    void areWhatTheirManifestsSayAndAnswerAsTheyMust() throws IOException, NoSuchAlgorithmException {
        List<Path> folders;
        try (Stream<Path> entries = Files.list(MODELS)) {
            folders = entries.toList();
        }
        assertFalse(folders.isEmpty());
        for (Path folder : folders) {
            Manifest manifest = Manifest.fromJson(Files.readString(folder.resolve(ModelFolder.MANIFEST)));
            assertFalse(manifest.variants().isEmpty());
            for (Variant variant : manifest.variants()) {
                byte[] bytes = Files.readAllBytes(folder.resolve(variant.file()));
                assertEquals(variant.sizeBytes(), bytes.length);
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                assertEquals(variant.sha256(), HexFormat.of().formatHex(digest));
                Path file = folder.resolve(variant.file());
                EngineReplay.require(file, EngineReplay.all(file, Model.Options.defaults()));
            }
        }
    }

    @Test
    void seeADog() {
        Path dog = SharedData.require("photos/dog.jpg");
        try (Classifier classifier = Classifier.open(MODELS.resolve("cifar10-small-vgg"))) {
            assertEquals("dog", classifier.classify(dog, 1).candidates().get(0).label());
            assertTrue(classifier.contract().labels().contains("truck"));
        }
    }
}
