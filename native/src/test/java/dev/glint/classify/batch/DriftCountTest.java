package dev.glint.classify.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.drift.DriftFile;
import dev.glint.runtime.drift.DriftMonitor;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFile;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftCountTest {
    @TempDir
    private Path folder;

    @Test
    void whatCannotBeSavedForTheMomentIsSavedLater() throws IOException {
        Path model = TinyModel.write(folder.resolve("tiny.onnx"));
        Image picture = new Image(4, 4, Mode.RGB, new byte[48]);
        Path file = folder.resolve("drift.json");
        List<String> notes = new ArrayList<>();
        try (Classifier classifier = Classifier.open(model)) {
            DriftMonitor usual = new DriftMonitor(TinyModel.contract());
            usual.classify(classifier, picture);
            TinyModel.setMetadata(
                    model, DriftProfile.METADATA_KEY, usual.profile().toJson());
            try (DriftCount count = new DriftCount(file, ModelFile.read(model), notes::add, 0)) {
                count.logits(classifier, picture);
                Path aside = Files.move(file, folder.resolve("aside.json"));
                Files.createDirectory(file);
                count.logits(classifier, picture);
                count.logits(classifier, picture);
                Files.delete(file);
                Files.move(aside, file);
            }
        }

        assertEquals(3, new DriftFile(file).read().seen().pictures());
        assertEquals(2, notes.size());
        assertTrue(notes.get(0).startsWith(file + ": 1 pictures are not counted yet ("), notes.get(0));
    }
}
