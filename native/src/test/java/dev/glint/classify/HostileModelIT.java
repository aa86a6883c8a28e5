package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.HostileModel;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.Skip;
import dev.glint.runtime.testing.SyntheticPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What the native binary takes to refuse each hostile model: a table in {@code native/target/hostile-models.tsv}. Needs a C compiler. */
class HostileModelIT {
    private static final Path NATIVE = SharedData.projectRoot().resolve("native");
    private static final Path BINARY = NATIVE.resolve("target/dist/classify");
    private static final Path TABLE = NATIVE.resolve("target/hostile-models.tsv");

    /** 64 MiB, in the KiB that the system counts in. */
    private static final long MOST_KIB = 64 << 10;

    /** Of the processor's time; some 100 on a machine that is not busy, this on any. */
    private static final double MOST_MILLIS = 5_000;

    @TempDir
    private Path folder;

    private Path compiled() throws IOException, InterruptedException {
        Path program = folder.resolve("measure");
        try {
            String source = NATIVE.resolve("src/test/c/measure.c").toString();
            assertEquals(
                    0,
                    new ProcessBuilder("cc", "-o", program.toString(), source)
                            .inheritIO()
                            .start()
                            .waitFor());
        } catch (IOException e) {
            Skip.needs(HostileModelIT.class, "a C compiler");
        }
        return program;
    }

    @Test
    void eachIsRefusedInLittleMemory() throws IOException, InterruptedException {
        if (!Files.isExecutable(BINARY)) {
            Skip.needs(HostileModelIT.class, "the native binary: build with GRAALVM_HOME in the environment");
        }
        Path measure = compiled();
        Path picture = folder.resolve("picture.png");
        Files.write(picture, PngFile.of(SyntheticPictures.noise(9, 9, Image.Mode.RGB)));
        List<String> table = new ArrayList<>(List.of("model\tmilliseconds\tof the processor\tMiB"));
        Stream<Executable> all = Arrays.stream(HostileModel.values()).map(hostile -> () -> {
            Path model = hostile.write(Files.createDirectory(folder.resolve(hostile.name())));
            Path figures = folder.resolve("figures");
            new ProcessBuilder(
                            measure.toString(),
                            figures.toString(),
                            BINARY.toString(),
                            "-m",
                            model.toString(),
                            picture.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("printed").toFile())
                    .start()
                    .waitFor();
            String[] taken = Files.readString(figures).strip().split(" ");
            table.add(String.format(
                    Locale.ROOT,
                    "%s\t%s\t%s\t%.1f",
                    hostile.name(),
                    taken[0],
                    taken[1],
                    Long.parseLong(taken[2]) / 1024.0));
            assertEquals("4", taken[3], hostile.name());
            assertTrue(Long.parseLong(taken[2]) < MOST_KIB, hostile + ": " + taken[2] + " KiB");
            assertTrue(Double.parseDouble(taken[1]) < MOST_MILLIS, hostile + ": " + taken[1] + " ms");
            if (!Files.isDirectory(model)) {
                Files.delete(model);
            }
        });
        try {
            assertAll(all);
        } finally {
            Files.write(TABLE, table);
            table.forEach(System.out::println);
        }
    }
}
