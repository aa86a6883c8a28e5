package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code readelf} says of the native binaries that there are, this machine's and that of {@code native/cross-build}. */
class BinaryFileIT {
    private static final Path TARGET = SharedData.projectRoot().resolve("native/target");
    private static final Pattern GLIBC = Pattern.compile("GLIBC_2\\.(\\d+)");
    private static final Pattern LINKED_AGAINST = Pattern.compile("glibc 2\\.(\\d+)");

    @ParameterizedTest
    @ValueSource(strings = {"dist", "linux-aarch64/dist"})
    void itsSegmentsFitTheLargestPages(String dist) throws IOException {
        List<String> loaded = readelf(dist, "--program-headers")
                .lines()
                .filter(line -> line.strip().startsWith("LOAD "))
                .toList();

        assertTrue(loaded.size() > 1, loaded.toString());
        boolean arm = readelf(dist, "--file-header").contains("AArch64");
        for (String segment : loaded) {
            String alignment = segment.substring(segment.lastIndexOf(' ') + 1);
            // x86 knows pages of 4 KiB only; on ARM the kernel chooses 4, 16 or 64.
            assertTrue(Integer.decode(alignment) >= (arm ? 65_536 : 4_096), segment);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dist", "linux-aarch64/dist"})
    void itNeedsNoNewerCLibraryThanItSays(String dist) throws IOException {
        int said = LINKED_AGAINST
                .matcher(readelf(dist, "--string-dump=.comment"))
                .results()
                .mapToInt(BinaryFileIT::number)
                .findFirst()
                .orElseThrow();

        int needed = GLIBC.matcher(readelf(dist, "--version-info"))
                .results()
                .mapToInt(BinaryFileIT::number)
                .max()
                .orElseThrow();

        assertTrue(needed <= said, "needs glibc 2." + needed + ", says 2." + said);
    }

    private static int number(MatchResult found) {
        return Integer.parseInt(found.group(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dist", "linux-aarch64/dist"})
    void itNamesNoPlaceOfTheMachineThatBuiltIt(String dist) throws IOException {
        String image = new String(Files.readAllBytes(binary(dist)), StandardCharsets.ISO_8859_1);
        List<String> places = new ArrayList<>(List.of(
                SharedData.projectRoot().toRealPath().toString(),
                System.getProperty("user.home") + "/.",
                System.getProperty("java.home")));
        for (String variable : List.of("GRAALVM_HOME", "GLINT_NATIVE_CACHE")) {
            if (System.getenv(variable) != null) {
                places.add(System.getenv(variable));
            }
        }
        assertTrue(image.contains("/proc/self/exe"), "a path that the image needs is found");
        for (String place : places) {
            assertFalse(image.contains(place), place);
        }
        String dynamic = readelf(dist, "--dynamic");
        assertFalse(dynamic.contains("RPATH") || dynamic.contains("RUNPATH"), dynamic);
    }

    private static Path binary(String dist) {
        Path binary = TARGET.resolve(dist).resolve("classify");
        if (!Files.isExecutable(binary)) {
            String reason =
                    "needs " + TARGET.relativize(binary) + ": build with GRAALVM_HOME, or run native/cross-build";
            System.out.println("BinaryFileIT is skipped: it " + reason);
            Assumptions.abort(reason);
        }
        return binary;
    }

    private static String readelf(String dist, String option) throws IOException {
        Path binary = binary(dist);
        Process readelf;
        try {
            readelf = new ProcessBuilder("readelf", "--wide", option, binary.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return Assumptions.abort("needs readelf");
        }
        String said = new String(readelf.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertEquals(0, readelf.waitFor(), said);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return said;
    }
}
