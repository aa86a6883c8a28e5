package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.Skip;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The life of the Debian package in a clean Debian 11, that of arm64 in an emulator. Needs root, debootstrap, the network for the
 * first time, and the packages of {@code -Ppackages}.
 */
@Tag("root")
class DebianPackageIT {
    private static final Path NATIVE = SharedData.projectRoot().resolve("native");
    private static final Path MODEL = SharedData.projectRoot().resolve("edge-samples/models/cifar10-small-vgg");
    private static final String ENTER =
            NATIVE.resolve("src/test/scripts/debian-root").toString();
    private static final int MISSING = 77;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "arm64"})
    void isInstalledUsedUpgradedAndPurged(String architecture) throws IOException, InterruptedException {
        Path deb = deb(architecture);
        Path debian = debian(architecture);
        Path picture = photo();
        Files.copy(picture, debian.resolve("srv/photo.jpg"));
        Files.copy(deb, debian.resolve("srv/first.deb"));
        Files.copy(newer(deb), debian.resolve("srv/second.deb"));

        assertEquals(0, inside(debian, "dpkg", "--install", "/srv/first.deb").exitCode());
        // It changed nothing of what it brought, and all of it is there.
        inside(debian, "dpkg", "--verify", "glint-classify").assertPrints("");
        assertClassifies(debian, MODEL, picture);

        Path settings = debian.resolve("etc/glint/classify.conf");
        Files.writeString(
                settings, "GLINT_MODEL=/var/lib/glint/models/mine\nGLINT_SERVE_OPTIONS=--listen 127.0.0.1:8081\n");
        byte[] mine = Files.readAllBytes(settings);
        Path model = debian.resolve("var/lib/glint/models/mine/int8.onnx");
        TinyModel.write(model);
        assertEquals(0, inside(debian, "dpkg", "--install", "/srv/second.deb").exitCode());
        inside(debian, "dpkg-query", "--show", "--showformat=${Version}", "glint-classify")
                .assertPrints("999");
        assertArrayEquals(mine, Files.readAllBytes(settings));
        assertClassifies(debian, model, picture, "--model", "/var/lib/glint/models/mine");

        Run purged = inside(debian, "dpkg", "--purge", "glint-classify");
        assertEquals(0, purged.exitCode(), purged.err());
        for (String place : List.of("usr/lib/glint", "usr/bin/classify", "etc/glint", "usr/share/doc/glint-classify")) {
            assertFalse(Files.exists(debian.resolve(place), LinkOption.NOFOLLOW_LINKS), place);
        }
        assertTrue(Files.exists(model), "what its owner put there is its owner's");
    }

    /** An ordinary user without a home, where /tmp cannot be written to, gets what the JVM gets. */
    private void assertClassifies(Path debian, Path model, Path picture, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "setpriv", "--reuid=12345", "--regid=12345", "--clear-groups", "env", "HOME=/nonexistent", "classify"));
        Collections.addAll(command, options);
        Collections.addAll(command, "-k1", "/srv/photo.jpg");
        Run here = ClassifyTest.inThisProcess(
                Map.of(), new byte[0], "--model", model.toString(), "-k1", picture.toString());

        Run there = inside(debian, command.toArray(String[]::new));

        there.assertPrints(here.out());
        // Its own service and manual are where they are looked for.
        assertTrue(Files.exists(debian.resolve("usr/lib/systemd/system/glint-classify.service")));
        assertTrue(Files.exists(debian.resolve("usr/share/man/man1/classify.1.gz")));
    }

    /** A real one where there is one. */
    private Path photo() throws IOException {
        Path dog = SharedData.root().resolve("photos/dog.jpg");
        return Files.exists(dog) ? dog : Files.write(folder.resolve("red.png"), ClassifyContract.png(200, 100, 50));
    }

    private static Path deb(String architecture) throws IOException {
        try (Stream<Path> files = Files.list(NATIVE.resolve("target"))) {
            Optional<Path> deb = files.filter(file ->
                            file.getFileName().toString().matches("glint-classify_.*_" + architecture + "\\.deb"))
                    .findFirst();
            return deb.orElseGet(() -> Skip.needs(
                    DebianPackageIT.class, "the package for " + architecture + ": build it with -Ppackages"));
        }
    }

    /** A clean system of this test's own. */
    private Path debian(String architecture) throws IOException, InterruptedException {
        Path clean = NATIVE.resolve("target/debian/" + architecture);
        Run made = run(List.of(ENTER, architecture, clean.toString(), "true"));
        if (made.exitCode() == MISSING) {
            Skip.needs(
                    DebianPackageIT.class,
                    "a clean Debian for " + architecture + " (" + made.err().strip() + ")");
        }
        assertEquals(0, made.exitCode(), made.err());
        Path debian = folder.resolve(architecture);
        assertEquals(
                0, run(List.of("cp", "-a", clean.toString(), debian.toString())).exitCode());
        return debian;
    }

    /** The same package with a higher version. */
    private Path newer(Path deb) throws IOException, InterruptedException {
        Path unpacked = folder.resolve("unpacked");
        assertEquals(
                0,
                run(List.of("dpkg-deb", "--raw-extract", deb.toString(), unpacked.toString()))
                        .exitCode());
        Path control = unpacked.resolve("DEBIAN/control");
        Files.writeString(control, Files.readString(control).replaceFirst("(?m)^Version: .*$", "Version: 999"));
        Path newer = folder.resolve("newer.deb");
        Run built = run(List.of("dpkg-deb", "-Znone", "--build", unpacked.toString(), newer.toString()));
        assertEquals(0, built.exitCode(), built.err());
        return newer;
    }

    private Run inside(Path debian, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(ENTER, debian.getFileName().toString(), debian.toString()));
        Collections.addAll(all, command);
        return run(all);
    }

    private Run run(List<String> command) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        int exitCode = process.waitFor();
        return new Run(
                exitCode, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
