package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.testing.ForeignModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code classify} answers. */
abstract class AnswerContract extends ClassifyFixture {
    @Test
    void modelsWithOtherInputsAndOutputsAnswerAlike() throws IOException {
        String expected = classify("-k1", file("reddish.png")).out();
        Path foreign = folder.resolve("foreign.onnx");
        for (ElementType type : ElementType.values()) {
            new ForeignModel(Layout.NHWC, ColorSpace.BGR, type, OutputKind.PROBABILITIES).write(foreign);
            Run other = run("--model", foreign.toString(), "-k1", file("reddish.png"));
            assertEquals(new Run(0, expected, ""), other);
        }
    }

    @Test
    void onePictureGivesALinePerClass() throws IOException {
        // Logits 4 * 200 / 255, 4 * 100 / 255, 4 * 50 / 255; softmax by hand.
        classify(file("reddish.png")).assertPrints("red    0.7672\ngreen  0.1598\nblue   0.0730\n");
        classify("--top-k", "1", file("bluish.png")).assertPrints("blue   0.3868\n");
        classify("-k", "99", file("bluish.png")).assertPrints("blue   0.3868\ngreen  0.3306\nred    0.2826\n");
    }

    @Test
    void severalPicturesGiveALineOrABlockEach() throws IOException {
        String red = file("reddish.png");
        String blue = file("bluish.png");

        classify("-k", "1", red, blue).assertPrints(red + "  red    0.7672\n" + blue + "   blue   0.3868\n");
        classify("-k", "2", red, blue)
                .assertPrints(
                        red + "\n  red    0.7672\n  green  0.1598\n" + blue + "\n  blue   0.3868\n  green  0.3306\n");
    }

    @Test
    void jsonHasEveryDigitPinned() throws IOException {
        classify("--json", "-k", "2", file("reddish.png"), file("bluish.png"))
                .assertPrints("{\"schema\":\"glint.classify/1\",\"model\":\"int8.onnx\",\"pictures\":[\n"
                        + "{\"file\":\"" + file("reddish.png") + "\",\"candidates\":["
                        + "{\"label\":\"red\",\"index\":0,\"probability\":0.767212},"
                        + "{\"label\":\"green\",\"index\":1,\"probability\":0.159834}]},\n"
                        + "{\"file\":\"" + file("bluish.png") + "\",\"candidates\":["
                        + "{\"label\":\"blue\",\"index\":2,\"probability\":0.386766},"
                        + "{\"label\":\"green\",\"index\":1,\"probability\":0.330616}]}\n"
                        + "]}\n");
    }

    @Test
    void probabilitiesCloseToZeroAreWrittenOut() throws IOException {
        String red = write("red.png", png(255, 0, 0));

        String json = classify("--json", red).out();

        assertTrue(json.contains("\"probability\":0.017668}"), json);
        assertFalse(json.contains("E-"), json);
    }

    @Test
    void standardInputIsAPictureToo() throws IOException {
        Run run = run(Map.of(), png(200, 100, 50), "--model", file("model"), "-k", "1", "-");

        run.assertPrints("red    0.7672\n");
    }

    @Test
    void foldersAreSearchedForPictures() throws IOException {
        write("album/b/2.png", png(200, 100, 50));
        write("album/b/notes.txt", new byte[] {1});
        write("album/a.PNG", png(10, 20, 30));

        classify("-k1", file("album"))
                .assertPrints(
                        file("album/a.PNG") + "    blue   0.3868\n" + file("album/b/2.png") + "  red    0.7672\n");
    }

    @Test
    void theModelMayComeFromTheEnvironmentAndBeAFile() throws IOException {
        Run run = run(Map.of("GLINT_MODEL", file("model/int8.onnx")), new byte[0], "--top-k=1", file("reddish.png"));

        run.assertPrints("red    0.7672\n");
    }

    @Test
    void picturesInFormatsThatAreNotReadAreCounted() throws IOException {
        write("album/a.png", png(200, 100, 50));
        write("album/b.webp", new byte[] {1});
        write("album/c/d.GIF", new byte[] {1});
        write("album/notes.txt", new byte[] {1});

        Run run = classify("-k1", file("album"));

        assertEquals(0, run.exitCode(), run.err());
        assertEquals("red    0.7672\n", run.out());
        assertEquals(
                "note: " + file("album") + ": left out 2 pictures in formats that are not read (.gif 1, .webp 1)\n",
                run.err());
    }
}
