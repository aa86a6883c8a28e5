package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.classify.ort.OrtVersion;
import dev.glint.runtime.bundle.Bundle;
import dev.glint.runtime.bundle.BundleWriter;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                            "glint.h",
                            "libglint.so",
                            "libonnxruntime.so"),
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
        assertFalse(image.contains("ai.onnxruntime"), "ONNX Runtime's Java classes, which make a temporary folder");
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
    void aBinaryThatStandsAloneAnswersByItself() throws IOException {
        Path copy = Files.copy(BINARY, elsewhere.resolve("classify"));

        List<String> command =
                new ArrayList<>(List.of(copy.toString(), "--model", file("model"), "-k1", file("reddish.png")));
        run(Map.of(), new byte[0], command).assertPrints("red    0.7672\n");
        command.addAll(List.of("--engine", "ort"));

        run(Map.of(), new byte[0], command)
                .assertFails(3, elsewhere.resolve("lib") + ": found no folder with ONNX Runtime's libraries");
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
        List<String> command =
                List.of(binary.toString(), "--engine", "ort", "--model", file("model"), file("reddish.png"));
        Path library = elsewhere.resolve("lib/libonnxruntime.so");
        byte[] right = Files.readAllBytes(library);

        Files.writeString(library, "text ".repeat(1_000));
        run(Map.of(), new byte[0], List.of(binary.toString(), "--model", file("model"), "-k1", file("reddish.png")))
                .assertPrints("red    0.7672\n");
        run(Map.of(), new byte[0], command).assertFails(3, library + ": found a library that cannot be loaded (");

        Files.write(library, new byte[0]);
        run(Map.of(), new byte[0], command).assertFails(3, library + ": found a library that cannot be loaded (");

        // Its own name for its version, which is not that of its symbols.
        String other = new String(right, StandardCharsets.ISO_8859_1)
                .replace("\0" + OrtVersion.BUILT + "\0", "\0" + "9" + OrtVersion.BUILT.substring(1) + "\0");
        Files.write(library, other.getBytes(StandardCharsets.ISO_8859_1));
        Run run = run(Map.of(), new byte[0], command);
        run.assertFails(3, elsewhere.resolve("lib") + ": found ONNX Runtime 9");
        assertTrue(run.err().contains("expected ONNX Runtime " + OrtVersion.BUILT), run.err());

        Files.delete(library);
        run(Map.of(), new byte[0], command).assertFails(3, library + ": found no such file");
    }

    @Test
    void noPropertyLeadsToOtherLibraries() throws IOException {
        Path hostile = Files.createDirectories(elsewhere.resolve("hostile/lib"));
        Files.writeString(hostile.resolve("libonnxruntime.so"), "anything");

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

    @Test
    void anOnnxRuntimeOfTheOperatorsMayBeNewerButNotTooOld() throws IOException {
        Path own = libraryOfVersion("1.99.0");
        run("--model", file("model"), "-k1", "--ort-lib", own.toString(), file("reddish.png"))
                .assertPrints("red    0.7672\n");

        Path old = libraryOfVersion("1.22.0");
        run("--model", file("model"), "--ort-lib", old.toString(), file("reddish.png"))
                .assertFails(3, old + ": found ONNX Runtime 1.22.0, expected 1.23 or newer");

        Path empty = Files.createDirectory(elsewhere.resolve("empty"));
        run("--model", file("model"), "--ort-lib", empty.toString(), file("reddish.png"))
                .assertFails(3, empty + ": found no libonnxruntime.so");
        run("--model", file("model"), "--ort-lib", elsewhere.resolve("none").toString(), file("reddish.png"))
                .assertFails(3, elsewhere.resolve("none") + ": found no such folder");
    }

    /** That of the package under another version, which ONNX Runtime only tells. */
    private Path libraryOfVersion(String version) throws IOException {
        Path folder = Files.createDirectory(elsewhere.resolve(version));
        byte[] library = Files.readAllBytes(DIST.resolve("lib/libonnxruntime.so"));
        String text = new String(library, StandardCharsets.ISO_8859_1);
        assertEquals(OrtVersion.BUILT.length(), version.length());
        text = text.replace("\0" + OrtVersion.BUILT + "\0", "\0" + version + "\0");
        Files.write(folder.resolve("libonnxruntime.so"), text.getBytes(StandardCharsets.ISO_8859_1));
        return folder;
    }

    @Test
    void anOnnxRuntimeIsToldToBeSilentBeforeItIsLoaded() throws Exception {
        Path source = Files.writeString(elsewhere.resolve("library.c"), """
                #include <stdio.h>
                #include <stdlib.h>
                static char told[8];
                __attribute__((constructor)) static void loaded(void) {
                    const char *value = getenv("ORT_DISABLE_TELEMETRY");
                    snprintf(told, sizeof told, "1.99.%s", value == NULL ? "-" : value);
                }
                static const char *version(void) { return told; }
                static const void *api(unsigned number) { return NULL; }
                static const struct { const void *(*api)(unsigned); const char *(*version)(void); } base = {api, version};
                const void *OrtGetApiBase(void) { return &base; }
                """);
        Path folder = Files.createDirectory(elsewhere.resolve("told"));
        Process compiler;
        try {
            compiler = new ProcessBuilder(
                            "cc",
                            "-shared",
                            "-fPIC",
                            "-o",
                            folder.resolve("libonnxruntime.so").toString(),
                            source.toString())
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            Assumptions.abort("needs a C compiler");
            return;
        }
        assertEquals(0, compiler.waitFor());

        run("--model", file("model"), "--ort-lib", folder.toString(), file("reddish.png"))
                .assertFails(3, folder + ": found no C interface 23 in ONNX Runtime 1.99.1");
    }

    @Test
    void aProviderThatIsMissingIsNamed() throws IOException {
        run("--model", file("model"), "--provider", "cuda", file("reddish.png"))
                .assertFails(
                        4,
                        DIST.resolve("lib") + ": found ONNX Runtime " + OrtVersion.BUILT + " with the providers cpu");

        Run run = run("--model", file("model"), "-k1", "--provider", "auto", file("reddish.png"), file("bluish.png"));
        assertEquals(0, run.exitCode());
        assertEquals("note: --provider auto is cpu: ONNX Runtime " + OrtVersion.BUILT + " has no cuda\n", run.err());
        assertEquals(2, run.out().lines().count());
    }

    @Test
    void aLargeModelIsKeptAsItWasOptimised() throws IOException {
        String model = TinyModel.writeLarge(elsewhere.resolve("large.onnx")).toString();
        Path cache = elsewhere.resolve("cache");
        Map<String, String> environment = Map.of("XDG_CACHE_HOME", cache.toString());
        List<String> command =
                List.of(BINARY.toString(), "--engine", "ort", "-k1", "--model", model, file("reddish.png"));
        String answer = "red    0.7672\n";

        run(environment, new byte[0], withNoCache(command)).assertPrints(answer);
        assertFalse(Files.exists(cache));

        // Just written, it might change once more unseen, so it takes some starts.
        Instant patience = Instant.now().plusSeconds(30);
        while (kept(cache).isEmpty() && Instant.now().isBefore(patience)) {
            run(environment, new byte[0], command).assertPrints(answer);
        }
        Path kept = kept(cache).orElseThrow();
        byte[] optimised = Files.readAllBytes(kept);
        Object written = Files.getLastModifiedTime(kept);
        run(environment, new byte[0], command).assertPrints(answer);
        assertEquals(written, Files.getLastModifiedTime(kept), "it was used");

        // Whatever it is now, it is not what was written.
        Files.write(kept, Arrays.copyOf(optimised, 1_000));
        run(environment, new byte[0], command).assertPrints(answer);
        assertEquals(optimised.length, Files.size(kept), "it was made again");

        Files.setPosixFilePermissions(cache.resolve("glint"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.delete(kept);
        run(environment, new byte[0], command).assertPrints(answer);
        assertFalse(Files.exists(kept), "where all can write, nothing is kept");
    }

    @Test
    void withoutAPlaceForACacheThereIsNone() throws IOException {
        String model = TinyModel.writeLarge(elsewhere.resolve("large.onnx")).toString();
        Path file = Files.createFile(elsewhere.resolve("file"));
        for (String home : List.of("/proc/none", file.toString(), "relative", "")) {
            Map<String, String> environment = Map.of("XDG_CACHE_HOME", home, "HOME", home);
            run(
                            environment,
                            new byte[0],
                            List.of(BINARY.toString(), "--engine", "ort", "-k1", "--model", model, file("reddish.png")))
                    .assertPrints("red    0.7672\n");
        }
    }

    private static List<String> withNoCache(List<String> command) {
        List<String> words = new ArrayList<>(command);
        words.add("--no-cache");
        return words;
    }

    private static Optional<Path> kept(Path cache) throws IOException {
        if (Files.notExists(cache)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(cache.resolve("glint"))) {
            return files.filter(file -> file.toString().endsWith(".ort")).findFirst();
        }
    }

    @Test
    void aBundleNeedsNothingBesideIt() throws IOException {
        Path bundle = elsewhere.resolve("classify-colours");
        Path model = TinyModel.writeWithGolden(elsewhere.resolve("colours.onnx"), 0);
        BundleWriter.write(BINARY, model, Optional.of(DIST.resolve("lib/libonnxruntime.so")), bundle);

        for (String engine : List.of("auto", "glint", "ort")) {
            run(Map.of(), new byte[0], List.of(bundle.toString(), "--engine", engine, "-k1", file("reddish.png")))
                    .assertPrints("red    0.7672\n");
        }
        run(
                        Map.of("GLINT_MODEL", "/no/such/model"),
                        new byte[0],
                        List.of(bundle.toString(), "--verify", "--engine", "ort", "-k1", file("reddish.png")))
                .assertPrints("red    0.7672\n");
        assertEquals(
                0,
                run(Map.of(), new byte[0], List.of(bundle.toString(), "selftest", "--engine", "glint"))
                        .exitCode());
    }

    @Test
    void aBundleThatWasChangedIsRefused() throws IOException {
        Path bundle = elsewhere.resolve("classify-colours");
        Bundle written = BundleWriter.write(
                BINARY,
                TinyModel.write(elsewhere.resolve("colours.onnx")),
                Optional.of(DIST.resolve("lib/libonnxruntime.so")),
                bundle);
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[(int) written.library().orElseThrow().offset() + 100_000] ^= 1;
        Files.write(bundle, bytes);
        List<String> command = List.of(bundle.toString(), "--engine", "ort", "--verify", file("reddish.png"));
        run(Map.of(), new byte[0], command).assertFails(4, bundle + ": found libonnxruntime.so with SHA-256 ");

        bytes[(int) written.model().offset() + 100] ^= 1;
        Files.write(bundle, bytes);
        run(Map.of(), new byte[0], List.of(bundle.toString(), file("reddish.png")))
                .assertFails(4, bundle + ": found colours.onnx with SHA-256 ");
    }

    private Path installElsewhere() throws IOException {
        Files.createDirectory(elsewhere.resolve("lib"));
        Files.copy(DIST.resolve("lib/libonnxruntime.so"), elsewhere.resolve("lib/libonnxruntime.so"));
        return Files.copy(BINARY, elsewhere.resolve("classify"));
    }
}
