package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code libglint.so} and {@code glint.h}, by C programs that are compiled here, for this machine and for a board in an emulator. */
class CLibraryIT {
    private static final Path ROOT = SharedData.projectRoot();

    @TempDir
    private Path folder;

    private enum Machine {
        THIS("linux-x64", "native/target/dist", List.of()),
        CORTEX_A72(
                "linux-aarch64",
                "native/target/linux-aarch64/dist",
                List.of(ROOT.resolve("native/src/test/scripts/on-arm").toString(), "cortex-a72"));

        private final Path compiler;
        private final Path dist;
        private final List<String> emulator;

        Machine(String platform, String dist, List<String> emulator) {
            this.compiler = ROOT.resolve("native/target/toolchain-" + platform + "/cc");
            this.dist = ROOT.resolve(dist);
            this.emulator = emulator;
        }
    }

    @ParameterizedTest
    @EnumSource(Machine.class)
    void holdsWhatItsHeaderPromises(Machine machine) throws Exception {
        Path program = compile(machine, ROOT.resolve("native/src/test/c/library.c"));
        Path model = TinyModel.write(folder.resolve("tiny.onnx"));
        Path picture = Files.write(folder.resolve("reddish.png"), PngFile.of(reddish()));

        assertEquals(
                new Run(0, "", ""), run(machine.emulator, program.toString(), model.toString(), picture.toString()));
    }

    @ParameterizedTest
    @EnumSource(Machine.class)
    void theSampleSaysWhatIsInPictures(Machine machine) throws Exception {
        Path program = compile(machine, ROOT.resolve("edge-samples/c-library/classify_files.c"));
        Path model = TinyModel.write(folder.resolve("tiny.onnx"));
        Path picture = Files.write(folder.resolve("reddish.png"), PngFile.of(reddish()));
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");

        Run run = run(machine.emulator, program.toString(), model.toString(), picture.toString(), text.toString());

        assertTrue(run.out().startsWith(picture + ": red 0."), run.out());
        assertTrue(run.err().startsWith(text + ": found "), run.err());
        assertEquals(3, run.exitCode());
        run = run(
                machine.emulator,
                program.toString(),
                folder.resolve("none.onnx").toString(),
                picture.toString());
        assertTrue(run.err().startsWith(folder.resolve("none.onnx") + ": found "), run.err());
        assertEquals(4, run.exitCode());
    }

    private static Image reddish() {
        byte[] pixels = new byte[9 * 9 * 3];
        for (int i = 0; i < pixels.length; i += 3) {
            pixels[i] = (byte) 220;
            pixels[i + 1] = 40;
            pixels[i + 2] = 20;
        }
        return new Image(9, 9, Image.Mode.RGB, pixels);
    }

    private Path compile(Machine machine, Path source) throws Exception {
        if (!Files.isRegularFile(machine.dist.resolve("lib/libglint.so")) || !Files.isExecutable(machine.compiler)) {
            skip("needs libglint.so for " + machine
                    + ": build with GRAALVM_HOME in the environment, or native/cross-build");
        }
        if (!machine.emulator.isEmpty()) {
            Run tried = run(machine.emulator);
            if (tried.exitCode() != 0) {
                skip("needs an emulated board (" + (tried.out() + tried.err()).strip() + ")");
            }
        }
        Path program = folder.resolve("program");
        Run compiled = run(
                List.of(),
                machine.compiler.toString(),
                "-Wall",
                "-Wextra",
                "-Werror",
                "-pthread",
                "-I" + machine.dist.resolve("include"),
                source.toString(),
                "-o",
                program.toString(),
                "-L" + machine.dist.resolve("lib"),
                "-lglint",
                "-Wl,-rpath," + machine.dist.resolve("lib"));
        assertEquals(new Run(0, "", ""), compiled);
        // A cross compiler's wrapper puts a script in the program's place.
        Path foreign = folder.resolve("program.aarch64");
        return Files.exists(foreign) ? foreign : program;
    }

    private static void skip(String reason) {
        System.out.println("CLibraryIT is skipped: it " + reason);
        Assumptions.abort(reason);
    }

    private Run run(List<String> before, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        Collections.addAll(command, words);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        int exitCode = process.waitFor();
        return new Run(
                exitCode, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
