package dev.glint.exporter.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.exporter.job.DropJudge.Verdict;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that answers with the strongest colour, and one that takes green for red. */
class DropJudgeTest {
    private static final int SIZE = 2000;
    private static final int GREEN = 1;
    private static final int BLUE = 2;

    @TempDir
    private Path folder;

    private Path right = Path.of("");
    private Path wrong = Path.of("");

    @BeforeEach
    void models() throws IOException {
        String json = TinyModel.contract().toJson();
        right = TinyModel.write(folder.resolve("fp32.onnx"), json);
        wrong = TinyModel.write(
                folder.resolve("int8.onnx"),
                json.replace("[\"red\",\"green\",\"blue\"]", "[\"green\",\"red\",\"blue\"]"));
    }

    @Test
    void whatClearlyLosesTooMuchIsNotShownTheRest() {
        Verdict verdict = judge(wrong, SIZE / 2, 10);
        assertTrue(verdict.tooLarge());
        assertEquals(500, verdict.pictures());
        assertEquals(50, verdict.dropPoints(), 10);
    }

    @Test
    void whatIsNearEnoughHasBeenShownEverything() {
        assertEquals(new Verdict(SIZE, 0, false), judge(right, SIZE / 2, 0));
        assertEquals(new Verdict(SIZE, 1, false), judge(wrong, SIZE / 100, 1));
    }

    @Test
    void oneAnswerTooManyIsTooMany() {
        Verdict verdict = judge(wrong, SIZE / 100, 0.99);
        assertTrue(verdict.tooLarge());
        assertEquals(SIZE, verdict.pictures());
    }

    @Test
    void theModelThatOthersAreMadeFromIsAskedOnce() {
        try (Model floats = Model.open(right)) {
            DropJudge judge = new DropJudge(floats, green(SIZE / 100), 1, (task, done, total) -> {});
            assertFalse(judge.judge(wrong).tooLarge());
            assertEquals(judge.judge(wrong), judge.judge(wrong));
            assertEquals(0, judge.judge(right).dropPoints());
        }
    }

    private Verdict judge(Path file, int green, double maxDropPoints) {
        try (Model floats = Model.open(right)) {
            return new DropJudge(floats, green(green), maxDropPoints, (task, done, total) -> {}).judge(file);
        }
    }

    /** So many green pictures among blue ones. */
    private static TestSet green(int green) {
        PictureSet pictures = new PictureSet() {
            @Override
            public int size() {
                return SIZE;
            }

            @Override
            public Image picture(int index) {
                byte[] samples = new byte[4 * 4 * 3];
                for (int i = label(index); i < samples.length; i += 3) {
                    samples[i] = 100;
                }
                return new Image(4, 4, Mode.RGB, samples);
            }

            @Override
            public int label(int index) {
                return index < green ? GREEN : BLUE;
            }
        };
        return new TestSet("green", List.of("red", "green", "blue"), pictures);
    }
}
