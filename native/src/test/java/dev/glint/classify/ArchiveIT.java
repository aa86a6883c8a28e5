package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.file.Sha256;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.Skip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The archives of {@code -Ppackages}: unpacked anywhere, they classify; those for ARM do so in an emulator. */
class ArchiveIT {
    private static final Path NATIVE = SharedData.projectRoot().resolve("native");
    private static final Path MODEL = SharedData.projectRoot().resolve("edge-samples/models/cifar10-small-vgg");
    private static final String ON_ARM =
            NATIVE.resolve("src/test/scripts/on-arm").toString();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"glint-classify,amd64", "glint-classify-tiny,amd64", "glint-classify,arm64", "glint-classify-tiny,arm64"
    })
    void unpackedItClassifies(String name, String architecture) throws IOException, InterruptedException {
        List<String> program = new ArrayList<>();
        if (architecture.equals("arm64")) {
            program.addAll(List.of(ON_ARM, "cortex-a53"));
            Run tried = run(program);
            if (tried.exitCode() != 0) {
                Skip.needs(ArchiveIT.class, tried.err().strip());
            }
        }
        Path unpacked = unpack(name, architecture);
        program.add(unpacked.resolve("classify").toString());
        Path picture = Files.write(folder.resolve("red.png"), ClassifyContract.png(200, 100, 50));
        program.add(picture.toString());

        Run here = ClassifyTest.inThisProcess(Map.of(), new byte[0], "--model", MODEL.toString(), picture.toString());
        run(program).assertPrints(here.out());

        assertEquals(!name.contains("tiny"), Files.exists(unpacked.resolve("lib/libonnxruntime.so")));
        String bom = Files.readString(unpacked.resolve("bom.cdx.json"));
        assertTrue(bom.contains(Sha256.ofFile(unpacked.resolve("classify"))), bom);
        assertEquals(!name.contains("tiny"), bom.contains("lib/libonnxruntime.so"), bom);
        for (String file : List.of("README", "LICENSE", "licences/openjdk/LICENSE", "systemd/glint-classify.service")) {
            assertTrue(Files.size(unpacked.resolve(file)) > 0, file);
        }
    }

    @ParameterizedTest
    @CsvSource({"glint-classify,amd64", "glint-classify,arm64"})
    void itsManualPagesAreManualPages(String name, String architecture) throws IOException, InterruptedException {
        Path manual = unpack(name, architecture).resolve("man/man1");
        for (String verb : Verb.words()) {
            Path page = manual.resolve("classify-" + verb + ".1");
            Run shown;
            try {
                shown = run(List.of("man", "--warnings", "--encoding=UTF-8", "--local-file", page.toString()));
            } catch (IOException e) {
                Skip.needs(ArchiveIT.class, "man");
                return;
            }
            assertEquals("", shown.err());
            assertTrue(shown.out().contains("classify-" + verb + " - "), shown.out());
            assertFalse(shown.out().contains(".adoc"), shown.out());
        }
    }

    private Path unpack(String name, String architecture) throws IOException, InterruptedException {
        Optional<Path> archive;
        try (Stream<Path> files = Files.list(NATIVE.resolve("target"))) {
            archive = files.filter(
                            file -> file.getFileName().toString().matches(name + "_.*_" + architecture + "\\.tar\\.gz"))
                    .findFirst();
        }
        if (archive.isEmpty()) {
            Skip.needs(ArchiveIT.class, "an archive for " + architecture + ": build it with -Ppackages");
        }
        Run run = run(List.of(
                "tar", "-xzf", archive.orElseThrow().toString(), "-C", folder.toString(), "--strip-components=1"));
        assertEquals(0, run.exitCode(), run.err());
        return folder;
    }

    private Run run(List<String> command) throws IOException, InterruptedException {
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().remove("GLINT_MODEL");
        int exitCode = builder.start().waitFor();
        return new Run(
                exitCode, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
