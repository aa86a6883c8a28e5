package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.trainer.data.Cifar10Files;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code trainer fit --qat}. */
class QatCommandTest {
    @TempDir
    Path folder;

    private Path floats = Path.of("");
    private Path qat = Path.of("");
    private String out = "";
    private String err = "";

    private int fit(Path run, Object... more) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        CommandLine command =
                TrainerCommand.commandLine().setOut(new PrintWriter(outText)).setErr(new PrintWriter(errText));
        String[] arguments = new String[more.length + 3];
        arguments[0] = "fit";
        arguments[1] = "--run";
        arguments[2] = run.toString();
        for (int i = 0; i < more.length; i++) {
            arguments[i + 3] = more[i].toString();
        }
        int exitCode = command.execute(arguments);
        out = outText.toString();
        err = errText.toString();
        return exitCode;
    }

    @BeforeEach
    void fitInFloats() {
        floats = folder.resolve("floats");
        qat = folder.resolve("qat");
        assertEquals(0, fit(floats, "--epochs", 1, "--limit", 64, "--seed", 5), err);
    }

    @Test
    void goesOnFromTheRunWithItsNetworkAndItsPictures() throws IOException {
        assertEquals(0, fit(qat, "--qat", floats), err);
        RunFolder run = RunFolder.open(qat);
        assertEquals(64, run.config().pictures().limit());
        assertEquals(5, run.config().seed());
        assertTrue(out.contains("bar-cnn: 2 epochs of adamw at 0.0001"), out);
        assertTrue(out.contains("quantisation-aware"), out);
        assertTrue(out.contains("epoch 2/2"), out);
        assertTrue(err.contains("steps in integers"), err);
        String report = Files.readString(qat.resolve(RunFolder.REPORT));
        assertTrue(report.contains("--qat " + floats), "the command that repeats the run");
    }

    @Test
    void takesOptionsForHowItIsFitted() {
        assertEquals(0, fit(qat, "--qat", floats, "--epochs", 1, "--optimizer", "sgd-nesterov", "--lr", "1e-3"), err);
        assertTrue(out.contains("1 epoch of sgd-nesterov at 0.001"), out);
    }

    @Test
    void goesOnAfterAnEnd() {
        assertEquals(0, fit(qat, "--qat", floats), err);
        assertEquals(0, fit(qat, "--resume"), err);
        assertTrue(out.contains("all 2 epochs are done already"), out);
        assertEquals(0, fit(qat, "--resume", "--qat", floats), err);
        Path other = folder.resolve("other");
        assertEquals(0, fit(other, "--epochs", 1, "--limit", 64, "--seed", 6), err);
        assertEquals(2, fit(qat, "--resume", "--qat", other));
        assertTrue(err.contains("--qat " + other), err);
    }

    @Test
    void refusesWhatIsNoFloatRun() {
        assertEquals(3, fit(qat, "--qat", folder.resolve("nowhere")));
        assertTrue(err.contains("no such folder"), err);
        assertEquals(0, fit(qat, "--qat", floats, "--epochs", 1), err);
        assertEquals(3, fit(folder.resolve("again"), "--qat", qat));
        assertTrue(err.contains("quantisation-aware already"), err);
        Path mlp = folder.resolve("mlp");
        assertEquals(0, fit(mlp, "--model", "mlp", "--data", "bars", "--epochs", 1, "--limit", 64), err);
        assertEquals(4, fit(folder.resolve("mlp-qat"), "--qat", mlp));
        assertTrue(err.contains("without convolutions"), err);
        assertTrue(Files.notExists(folder.resolve("mlp-qat")), "nothing is written");
    }

    @Test
    void refusesAnotherNetworkOtherPicturesAndOtherWeights() {
        assertEquals(2, fit(qat, "--qat", floats, "--model", "simple-cnn"));
        assertTrue(err.contains("another network"), err);
        assertEquals(2, fit(qat, "--qat", floats, "--size", 16));
        assertEquals(2, fit(qat, "--qat", floats, "--preset", "course"));
        assertEquals(2, fit(qat, "--qat", floats, "--weights", floats.resolve(RunFolder.BEST)));
        assertTrue(err.contains("--weights"), err);
    }

    @Test
    void refusesASeedThatDrawsOtherPictures() {
        assertEquals(2, fit(qat, "--qat", floats, "--seed", 6));
        assertEquals(
                "error: --qat: found seed 6, which draws other pictures, expected 5 as in " + floats
                        + "; leave --seed out\n",
                err);
        assertEquals(0, fit(qat, "--qat", floats, "--epochs", 1, "--seed", 5), err);
    }

    @Test
    void takesAnotherSeedWherePicturesAreNotDrawn() throws IOException {
        Path pictures = folder.resolve("pictures");
        Cifar10Files.write(pictures, 4);
        Path run = folder.resolve("cifar10");
        String data = "cifar10:" + pictures;
        assertEquals(0, fit(run, "--model", "resnet8", "--data", data, "--epochs", 1), err);
        assertEquals(0, fit(qat, "--qat", run, "--epochs", 1, "--seed", 6), err);
        Path divided = folder.resolve("divided");
        assertEquals(0, fit(divided, "--model", "resnet8", "--data", data, "--epochs", 1, "--validation", "0.2"), err);
        assertEquals(2, fit(folder.resolve("divided-qat"), "--qat", divided, "--epochs", 1, "--seed", 6));
    }
}
