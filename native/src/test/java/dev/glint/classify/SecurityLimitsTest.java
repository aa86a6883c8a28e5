package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.jpeg.JpegDecoder;
import dev.glint.runtime.golden.GoldenSamples;
import dev.glint.runtime.onnx.OnnxLimits;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.trust.SignatureBundle;
import dev.glint.runtime.trust.SignedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The table of limits in SECURITY.md, held against the code. */
class SecurityLimitsTest {
    private static Map<String, String[]> table() throws IOException {
        String text = Files.readString(SharedData.projectRoot().resolve("SECURITY.md"));
        Map<String, String[]> rows = new LinkedHashMap<>();
        text.substring(text.indexOf("\n## Limits"))
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| of "))
                .map(line -> line.split("\\|", -1))
                .forEach(cells -> rows.put(
                        cells[1].strip() + ": " + cells[2].strip(), new String[] {cells[3].strip(), cells[4].strip()}));
        return rows;
    }

    private static void assertStates(long expected, String row) throws IOException {
        assertEquals(String.format(Locale.ROOT, "%,d", expected), table().get(row)[0], row);
    }

    @Test
    void fixedLimitsAreThoseOfTheCode() throws IOException {
        DecodeLimits pictures = DecodeLimits.defaults();
        assertStates(pictures.pixels(), "picture: pixels");
        assertStates(pictures.encodedBytes(), "picture: encoded bytes");
        assertStates(pictures.side(), "picture: pixels per side");
        assertStates(pictures.textChunkBytes(), "picture: bytes of a PNG text, profile or metadata chunk");
        assertStates(JpegDecoder.MAX_PASSES, "picture: passes of a JPEG's scans over its coefficients");
        OnnxLimits models = OnnxLimits.defaults();
        assertStates(models.metadataBytes(), "model: bytes of metadata");
        assertStates(models.nodes(), "model: nodes");
        assertStates(models.tensors(), "model: tensors");
        assertStates(models.depth(), "model: graphs inside graphs");
        assertStates(models.elements(), "model: numbers in a tensor");
        assertStates(models.grown(), "model: numbers that nodes make beyond what they take, together");
        assertStates(GoldenSamples.MAX_SAMPLES, "model: golden samples");
        assertStates(GoldenSamples.MAX_PICTURE_BYTES, "model: bytes of their pictures");
        assertStates(SignatureBundle.MAX_BYTES, "signature: bytes of `model.sig`");
        assertStates(SignedFiles.MAX_FILES, "signature: files and folders in a folder");
    }

    @Test
    void flagsAreThoseOfTheCommandsWithTheirDefaults() throws IOException {
        CommandLine classify = Classify.whole(HelpPage.nowhere());
        CommandLine serve = classify.getSubcommands().get("serve");
        int flags = 0;
        for (Map.Entry<String, String[]> row : table().entrySet()) {
            String flag = row.getValue()[1].replace("`", "");
            if (!flag.isEmpty()) {
                boolean request = row.getKey().startsWith("request");
                OptionSpec option =
                        (request ? serve : classify).getCommandSpec().findOption(flag);
                assertTrue(option != null, flag);
                String value = option.defaultValue();
                if (value != null) {
                    assertEquals(row.getValue()[0].replace(",", ""), value, row.getKey());
                }
                flags++;
            }
        }
        assertEquals(6, flags);
    }
}
