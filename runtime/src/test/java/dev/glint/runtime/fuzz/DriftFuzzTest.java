package dev.glint.runtime.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.runtime.drift.DriftFile;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.drift.DriftReport;
import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is in a drift file, nothing but {@link GlintException} comes of reading it, and what is read can be compared. To
 * search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl runtime test -Dtest='DriftFuzzTest#file' -Djazzer.hooks=true -Dtest.jvm.options=-Xmx512m
 * </pre>
 */
class DriftFuzzTest {
    static Stream<byte[]> seeds() throws IOException {
        Path folder = Files.createTempDirectory("drift");
        DriftFile file = new DriftFile(folder.resolve("drift.json"));
        file.prepare(DriftProfile.empty(2, 1));
        byte[] seed = Files.readAllBytes(file.path());
        String text = new String(seed, StandardCharsets.UTF_8);
        return Stream.of(
                new byte[0],
                seed,
                text.replaceFirst("0", "1").getBytes(StandardCharsets.UTF_8),
                text.replace('{', '[').getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void file(byte[] data) throws IOException {
        Path path = Files.createTempFile("drift", ".json");
        try {
            Files.write(path, data);
            DriftFile.Content content = new DriftFile(path).read();
            DriftReport report = DriftReport.compare(content.baseline(), content.seen());
            assertEquals(content.seen().pictures(), report.seenPictures());
        } catch (GlintException e) {
            // Refused, as most are.
        } finally {
            Files.delete(path);
        }
    }
}
