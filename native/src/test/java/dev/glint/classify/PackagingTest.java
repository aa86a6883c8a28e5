package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be said of packages and of the cross build before there is an image. */
class PackagingTest {
    private static final Path NATIVE = SharedData.projectRoot().resolve("native");

    /** Of 10; services that nobody hardened have 9 and more. */
    private static final double EXPOSURE = 1.5;

    @TempDir
    private Path folder;

    @Test
    void theCrossBuildNamesWhatIsMissing() throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64"));
        for (String tool : List.of("sh", "dirname", "readlink", "uname", "sed")) {
            tool(tool, found(tool).orElseThrow());
        }
        Map<String, String> tools = Map.of("PATH", folder.toString());
        String remedy = "; install it, as in apt-get install gcc-aarch64-linux-gnu qemu-user-static\n";

        Run run = run(tools, "/bin/sh", NATIVE.resolve("cross-build").toString());
        run.assertFails(3, "found no aarch64-linux-gnu-gcc, expected it to build for linux-aarch64 on x86_64" + remedy);

        tool("aarch64-linux-gnu-gcc", Path.of("/bin/true"));
        run = run(tools, "/bin/sh", NATIVE.resolve("cross-build").toString());
        run.assertFails(3, "found no qemu-aarch64-static, expected it to build for linux-aarch64 on x86_64" + remedy);
    }

    @Test
    void withoutAnOlderCLibraryThatOfTheMachineIsTakenAndTold() throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64"));
        assumeTrue(found("gcc").isPresent(), "needs gcc");
        Map<String, String> nothingFetched = Map.of("XDG_CACHE_HOME", folder.toString());
        String build = NATIVE.resolve("src/main/c/build").toString();
        Path objects = folder.resolve("objects");

        Run named = run(nothingFetched, build, "linux-x64");
        Run made = run(nothingFetched, build, "linux-x64", objects.toString());

        String library = named.out().strip();
        assertTrue(library.matches("glibc-2\\.\\d+"), named.toString());
        assertEquals(
                "note: classify is linked against " + library
                        + " and runs with that or newer; native/sysroot amd64 fetches glibc 2.31\n",
                made.err());
        assertEquals(0, made.exitCode());
        String object = Files.readString(objects.resolve("classify.o"), StandardCharsets.ISO_8859_1);
        assertTrue(object.contains(library.replace('-', ' ') + "\0"), "the binary says it, too");
    }

    private void tool(String name, Path program) throws IOException {
        Path tool = Files.writeString(folder.resolve(name), "#!/bin/sh\nexec " + program + " \"$@\"\n");
        assertTrue(tool.toFile().setExecutable(true));
    }

    @Test
    void theSysrootRefusesProcessorsThatNothingIsBuiltFor() throws IOException, InterruptedException {
        run(Map.of(), NATIVE.resolve("sysroot").toString(), "armhf")
                .assertFails(3, "armhf: found no processor that classify is built for, expected amd64 or arm64");
    }

    @Test
    void theServiceIsUnderstoodAndHardened() throws IOException, InterruptedException {
        assumeTrue(found("systemd-analyze").isPresent(), "needs systemd-analyze");
        Path unit = folder.resolve("glint-classify.service");
        String text = Files.readString(NATIVE.resolve("src/packaging/glint-classify.service"));
        assertTrue(
                text.contains("\nExecStartPre=/usr/bin/classify selftest\nExecStart=/usr/bin/classify serve "), text);
        Files.writeString(unit, text.replace("/usr/bin/classify", "/bin/true"));

        Run verified = run(Map.of(), "systemd-analyze", "verify", "--man=no", unit.toString());
        assertEquals("", verified.err());
        assertEquals(0, verified.exitCode());

        Run judged = run(Map.of(), "systemd-analyze", "security", "--offline=yes", "--no-pager", unit.toString());
        assumeTrue(judged.exitCode() == 0, "needs a systemd that judges files: " + judged.err());
        double exposure = judged.out()
                .lines()
                .filter(line -> line.contains("Overall exposure level"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll(".*: ([0-9.]+) .*", "$1")))
                .findFirst()
                .orElseThrow();
        assertTrue(exposure < EXPOSURE, judged.out());
    }

    private static Optional<Path> found(String tool) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .map(place -> Path.of(place, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Run run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        int exitCode = builder.start().waitFor();
        return new Run(
                exitCode, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
