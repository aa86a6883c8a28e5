package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.TinyModel;
import dev.glint.runtime.testing.UnreadableFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code classify} says to what makes no sense, is broken or wants to harm. */
abstract class RefusalContract extends AnswerContract {
    @Test
    void withoutAModelTheLineSaysHowToNameOne() throws IOException {
        Run run = run(file("reddish.png"));

        run.assertFails(2, "found no model, expected --model, or GLINT_MODEL in the environment");
    }

    @Test
    void commandLinesThatMakeNoSenseAreRefused() throws IOException {
        run().assertFails(2, "found no IMAGE, expected a picture, a folder or -; name one, or see classify --help");
        classify("--colour", "red").assertFails(2, "Unknown option: '--colour'; see classify --help");
        classify("-k", "few", file("reddish.png")).assertFails(2, "Invalid value for option '--top-k'");
        classify("-k", "0", file("reddish.png")).assertFails(2, "found --top-k 0, expected 1 or more");
        classify("-t", "0", file("reddish.png")).assertFails(2, "found --threads 0, expected 1 to 256");
        run("bench", "--rounds", "3")
                .assertFails(2, "Unknown option: '--rounds'; did you mean --runs? see classify bench --help");
        run("bench", "--runs", "0").assertFails(2, "found --runs 0");
        run("bench", "--max-drop", "-1").assertFails(2, "found --max-drop -1.0");
    }

    @Test
    void brokenPicturesAreNamed() throws IOException {
        String missing = file("missing.png");
        classify(missing).assertFails(3, missing + ": found no such file");

        String text = write("text.png", "no picture".getBytes(StandardCharsets.US_ASCII));
        classify(text).assertFails(3, text + ": found a text file");

        byte[] whole = png(200, 100, 50);
        String truncated = write("truncated.png", Arrays.copyOf(whole, whole.length - 20));
        classify(truncated).assertFails(3, truncated + ": ");

        String vast =
                write("vast.png", new PngFile().header(60_000, 60_000, 8, 2, 0).end());
        classify(vast).assertFails(6, vast + ": ");

        Files.createDirectory(folder.resolve("empty"));
        String empty = file("empty");
        classify(empty).assertFails(3, empty + ": found a folder without pictures");

        run(Map.of(), new byte[0], "--model", file("model"), "-").assertFails(3, "standard input: found an empty file");
    }

    @Test
    void brokenModelsAreNamed() throws IOException {
        String picture = file("reddish.png");
        String missing = file("missing.onnx");
        run("--model", missing, picture).assertFails(4, missing + ": found no such file");

        String without =
                TinyModel.writeWithoutContract(folder.resolve("without.onnx")).toString();
        run("-m", without, picture).assertFails(4, without + ": found a model without a preprocessing contract");

        String text = write("text.onnx", "no model".getBytes(StandardCharsets.US_ASCII));
        run("-m", text, picture).assertFails(4, text + ": found no ONNX model");

        Files.createDirectory(folder.resolve("empty"));
        String empty = file("empty");
        run("-m", empty, picture).assertFails(4, empty + ": found a folder without a model");
    }

    @Test
    void aBrokenPictureDoesNotStopTheOthers() throws IOException {
        String text = write("text.png", "no picture".getBytes(StandardCharsets.US_ASCII));

        Run run = classify("--json", "-k1", file("reddish.png"), text, file("bluish.png"));

        run.assertErrors(3, text + ": found a text file");
        String[] lines = run.out().split("\n");
        assertEquals(5, lines.length, run.out());
        assertTrue(lines[1].contains("\"label\":\"red\""), lines[1]);
        assertTrue(lines[2].startsWith("{\"file\":\"" + text + "\",\"error\":\"" + text + ": found a text"), lines[2]);
        assertTrue(lines[3].contains("\"label\":\"blue\""), lines[3]);
    }

    @Test
    void anUnreadableFolderDoesNotStopTheOthers() throws IOException {
        write("album/a.png", png(200, 100, 50));
        write("album/z/b.png", png(10, 20, 30));
        Files.createSymbolicLink(folder.resolve("album/loop"), folder.resolve("album"));

        classify("-k1", file("album"))
                .assertPrints(
                        file("album/a.png") + "    red    0.7672\n" + file("album/z/b.png") + "  blue   0.3868\n");
        try (UnreadableFolder unreadable = new UnreadableFolder(folder.resolve("album"), "m")) {
            Run run = classify("--json", "-k1", file("album"));

            run.assertErrors(3, unreadable.path().toString());
            assertTrue(run.err().contains(": found an unreadable folder ("), run.err());
            String[] lines = run.out().split("\n");
            assertEquals(5, lines.length, run.out());
            assertTrue(lines[1].contains("\"label\":\"red\""), lines[1]);
            assertTrue(lines[2].contains("\"error\":\"" + unreadable.path()), lines[2]);
            assertTrue(lines[3].contains("\"label\":\"blue\""), lines[3]);
        }
    }

    @Test
    void noWordFromAPictureActsOnTheTerminal() throws IOException {
        String name = write(
                "a\u001b[2J\u202e.pam",
                "P7\nTUPLTYPE \u001b]0;owned\u0007\nDEPTH 9\nWIDTH 1\nHEIGHT 1\nMAXVAL 1\nENDHDR\n"
                        .getBytes(StandardCharsets.UTF_8));

        Run run = classify(name);

        run.assertErrors(
                3, file("a\ufffd[2J\ufffd.pam") + ": found a PAM of 9 channels, tuple type \"\ufffd]0;owned\ufffd\"");
    }

    @Test
    void debugShowsWhere() throws IOException {
        Run run = classify("--debug", file("missing.png"));

        assertEquals(3, run.exitCode());
        assertTrue(run.err().contains("\tat dev.glint.runtime.decode.EncodedPicture."), run.err());
    }

    @Test
    void misspelledOptionsAndVerbsAreGuessed() throws IOException {
        run("--modle", file("model"), file("reddish.png"))
                .assertFails(2, "Unknown option: '--modle'; did you mean --model? see classify --help");
        run("--topk=1", file("reddish.png"))
                .assertFails(2, "Unknown option: '--topk=1'; did you mean --top-k? see classify --help");
        classify("bnech")
                .assertFails(
                        3,
                        "bnech: found no such file, expected a picture; check the path, or did you mean"
                                + " the verb bench, as in classify bench?");
    }

    @Test
    void anEmptyNameIsNotTheCurrentFolder() throws IOException {
        classify("").assertFails(2, "found an empty name, expected a picture, a folder or -");
        run("decode", "").assertFails(2, "found an empty name");
        run("--model", "", file("reddish.png"))
                .assertFails(2, "Invalid value for option '--model': found nothing, expected a path");
        run("bench", "--model", file("model"), "--data", "")
                .assertFails(2, "Invalid value for option '--data': found nothing, expected a path");
        run("decode", "--out", "", file("reddish.png"))
                .assertFails(2, "Invalid value for option '--out': found nothing, expected a path");
    }

    /** Divided by the standard deviation, a white picture gets logits that no float can hold; a black one gets zeros. */
    private String modelWithoutAnAnswerToWhite() throws IOException {
        String contract = TinyModel.contract().toJson().replace("[1.0,1.0,1.0]", "[1e-38,1e-38,1e-38]");
        assertTrue(contract.contains("1e-38"), contract);
        return TinyModel.write(folder.resolve("overflowing.onnx"), contract).toString();
    }

    @Test
    void aPictureWithoutAnAnswerDoesNotStopTheOthers() throws IOException {
        String model = modelWithoutAnAnswerToWhite();
        String white = write("white.png", png(255, 255, 255));
        String black = write("black.png", png(0, 0, 0));

        Run run = run("--json", "-k1", "-m", model, white, black);

        run.assertErrors(4, white + ": found a logit of Infinity from " + model + ", expected finite logits");
        String[] lines = run.out().split("\n");
        assertEquals(4, lines.length, run.out());
        assertTrue(lines[1].startsWith("{\"file\":\"" + white + "\",\"error\":\"" + white + ": found "), lines[1]);
        assertTrue(lines[2].contains("\"label\":\"red\""), lines[2]);
        assertEquals("]}", lines[3]);
    }

    @Test
    void noLineSteersATerminal() throws IOException {
        String name = "\u001b]0;title\u0007\u001b[2J\n\u202e.png";
        String shown = "\ufffd]0;title\ufffd\ufffd[2J\ufffd\ufffd.png";
        String picture = write(name, png(200, 100, 50));
        String labels = TinyModel.contract().toJson().replace("\"red\"", "\"r\\u001b[2Jed\"");
        String model = TinyModel.write(folder.resolve("steering.onnx"), labels).toString();

        run("-m", model, "-k1", picture, file("bluish.png"))
                .assertPrints(file(shown) + "  r\ufffd[2Jed  0.7672\n" + padded(file("bluish.png"), file(shown))
                        + "  blue     0.3868\n");
        assertSteersNothing(run("decode", picture), shown);
        assertSteersNothing(run("info", "-m", model), "r\ufffd[2Jed");
        assertSteersNothing(run("decode", file(name + ".missing")), "");
        assertSteersNothing(run("--" + name, picture), "]0;title");
        assertSteersNothing(run("info", "-m", file(name)), "");
        Run json = run("-m", model, "--json", picture);
        assertSteersNothing(json, "\\u001b]0;title\\u0007\\u001b[2J\\n\\u202e.png");
        assertTrue(json.out().contains("\"label\":\"r\\u001b[2Jed\""), json.out());
    }

    private static String padded(String text, String other) {
        return text + " ".repeat(other.length() - text.length());
    }

    private static void assertSteersNothing(Run run, String shown) {
        String all = run.out() + run.err();
        assertTrue(all.contains(shown), all);
        all.chars()
                .filter(c -> c != '\n' && (Character.isISOControl(c) || c == '\u202e'))
                .forEach(c -> fail("character " + c + " in " + all));
    }
}
