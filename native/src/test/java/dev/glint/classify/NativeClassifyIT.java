package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native binary. */
class NativeClassifyIT extends ServerProcessContract {
    private static final Path DIST = SharedData.projectRoot().resolve("native/target/dist");
    private static final Path BINARY = DIST.resolve("classify");

    @TempDir
    private Path elsewhere;

    @BeforeAll
    static void requireBinary() {
        if (!Files.isExecutable(BINARY)) {
            String reason = "needs the native binary: build with GRAALVM_HOME in the environment";
            // Maven counts what is skipped but keeps the reason to itself.
            System.out.println("NativeClassifyIT is skipped: it " + reason);
            Assumptions.abort(reason);
        }
    }

    @Override
    List<String> program(Path temporaryFolder) {
        return List.of(BINARY.toString());
    }

    @Override
    Map<String, String> environment(Path temporaryFolder) {
        return Map.of();
    }

    @Override
    int exitCodeOfServer(int signal) {
        return 0;
    }

    @Test
    void nothingOfAwtIsInTheImage() throws IOException {
        try (Stream<Path> files = Files.walk(DIST)) {
            assertEquals(
                    List.of(
                            "LICENSE",
                            "ThirdPartyNotices.txt",
                            "classify",
                            "libonnxruntime.so",
                            "libonnxruntime4j_jni.so"),
                    files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString())
                            .sorted()
                            .toList());
        }
        // Names of packages are there: the descriptor of the module java.desktop lists them.
        String image = new String(Files.readAllBytes(BINARY), StandardCharsets.ISO_8859_1);
        assertTrue(image.contains("dev.glint.runtime.model.Classifier"), "names of classes are in the image");
        for (String name : List.of("java.awt.Toolkit", "java.awt.image.BufferedImage", "javax.imageio.ImageIO")) {
            assertFalse(image.contains(name), name);
        }
        assertFalse(image.contains("Java_java_awt_"), "native methods of AWT");
        // The name of the temporary folder that ONNX Runtime's own start would make.
        assertFalse(image.contains("onnxruntime-java"), "ONNX Runtime starts without a temporary folder");
    }

    @Test
    void aLinkToTheBinaryFindsItsLibraries() throws IOException {
        Path link = Files.createSymbolicLink(elsewhere.resolve("classify"), BINARY);
        try {
            Run run = run(
                    Map.of(),
                    new byte[0],
                    List.of(link.toString(), "--model", file("model"), "-k1", file("reddish.png")));

            run.assertPrints("red    0.7672\n");
        } finally {
            Files.delete(link);
        }
    }

    @Test
    void aBinaryThatStandsAloneSaysSo() throws IOException {
        Path copy = Files.copy(BINARY, elsewhere.resolve("classify"));

        Run run = run(Map.of(), new byte[0], List.of(copy.toString(), "--model", file("model"), file("reddish.png")));

        run.assertFails(3, elsewhere.resolve("lib") + ": found no folder with ONNX Runtime's libraries");
    }

    @Test
    void whatNeedsNoModelNeedsNoLibraries() throws IOException {
        Path copy = Files.copy(BINARY, elsewhere.resolve("classify"));

        for (String argument : List.of("--help", "--version")) {
            assertEquals(run(argument), run(Map.of(), new byte[0], List.of(copy.toString(), argument)));
        }
        Run run = run(Map.of(), new byte[0], List.of(copy.toString(), "decode", file("reddish.png")));
        assertEquals(run("decode", file("reddish.png")), run);
        assertEquals(0, run.exitCode());
    }

    @Test
    void librariesThatCannotBeLoadedAreNamed() throws IOException {
        Path binary = installElsewhere();
        List<String> command = List.of(binary.toString(), "--model", file("model"), file("reddish.png"));
        Path library = elsewhere.resolve("lib/libonnxruntime.so");
        byte[] right = Files.readAllBytes(library);

        Files.writeString(library, "text ".repeat(1_000));
        run(Map.of(), new byte[0], command).assertFails(3, library + ": found a library that cannot be loaded (");

        Files.write(library, new byte[0]);
        run(Map.of(), new byte[0], command).assertFails(3, library + ": found a library that cannot be loaded (");

        // Each version of ONNX Runtime has its own name for the symbols of its library.
        String symbols = "VERS_" + OnnxRuntimeLibraries.VERSION;
        String other = new String(right, StandardCharsets.ISO_8859_1).replace(symbols, "VERS_0" + symbols.substring(6));
        Files.write(library, other.getBytes(StandardCharsets.ISO_8859_1));
        Run run = run(Map.of(), new byte[0], command);
        run.assertFails(
                3, elsewhere.resolve("lib/libonnxruntime4j_jni.so") + ": found a library that cannot be loaded");
        assertTrue(run.err().contains("expected ONNX Runtime " + OnnxRuntimeLibraries.VERSION), run.err());

        Files.delete(library);
        run(Map.of(), new byte[0], command).assertFails(3, library + ": found no such file");
    }

    @Test
    void noPropertyLeadsToOtherLibraries() throws IOException {
        Path hostile = Files.createDirectories(elsewhere.resolve("hostile/lib"));
        for (String library : List.of("libonnxruntime.so", "libonnxruntime4j_jni.so")) {
            Files.writeString(hostile.resolve(library), "anything");
        }

        for (String property : List.of("onnxruntime.native.path=" + hostile, "glint.home=" + hostile.getParent())) {
            Run run = run("-D" + property, "--model", file("model"), "-k1", file("reddish.png"));

            run.assertFails(2, "Unknown option");
        }
    }

    @Test
    void theModelBesideTheBinaryIsTheDefault() throws IOException {
        Path binary = installElsewhere();
        TinyModel.write(elsewhere.resolve("model/fp32.onnx"));

        Run run = run(Map.of(), new byte[0], List.of(binary.toString(), "-k1", file("reddish.png")));

        run.assertPrints("red    0.7672\n");
    }

    @Test
    void aLimitOfAddressSpaceCanBeKept() throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -v 4000000; exec \"$@\"", "sh"));
        command.addAll(program(elsewhere));
        Collections.addAll(command, "--model", file("model"), "-k1", file("reddish.png"));

        run(Map.of(), new byte[0], command).assertPrints("red    0.7672\n");
    }

    @Test
    void aLimitOfAddressSpaceThatIsTooLowIsNamed() throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -v 1000000; exec \"$@\"", "sh"));
        command.addAll(program(elsewhere));
        Collections.addAll(command, "--version");

        run(Map.of(), new byte[0], command).assertFails(6, "found a limit of 976 MiB of address space");
    }

    @Test
    void aSystemWithoutProcIsNamed() throws IOException {
        String hidden = "mount -t tmpfs none /proc || exit 77; exec \"$@\"";
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", hidden, "sh"));
        command.addAll(program(elsewhere));
        Collections.addAll(command, "--version");

        Run run = run(Map.of(), new byte[0], command);

        Assumptions.assumeTrue(run.exitCode() == 3 || run.exitCode() == 0, "needs root to hide /proc");
        run.assertFails(3, "/proc: found no process file system");
    }

    private Path installElsewhere() throws IOException {
        Files.createDirectory(elsewhere.resolve("lib"));
        for (String library : List.of("libonnxruntime.so", "libonnxruntime4j_jni.so")) {
            Files.copy(
                    DIST.resolve("lib").resolve(library),
                    elsewhere.resolve("lib").resolve(library));
        }
        return Files.copy(BINARY, elsewhere.resolve("classify"));
    }
}
