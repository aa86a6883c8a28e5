package dev.glint.classify.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantTest {
    @TempDir
    private Path folder;

    @Test
    void aFolderStandsForItsVariantsFp32First() throws IOException {
        model("m/int8.onnx");
        model("m/a.onnx");
        model("m/fp32.onnx");
        model("m/manifest.json");

        List<Variant> variants = Variant.list(List.of(folder.resolve("m")));

        assertEquals(
                List.of("fp32.onnx", "a.onnx", "int8.onnx"),
                variants.stream().map(Variant::name).toList());
        assertEquals(OptionalInt.of(0), variants.get(2).baseline(variants));
        assertEquals(3, variants.get(1).bytes());
    }

    @Test
    void filesOfOneNameAreToldApartByTheirPathsAndComparedWithinTheirFolder() throws IOException {
        model("m/fp32.onnx");
        model("n/fp32.onnx");
        model("n/int8.onnx");
        Path alone = model("o/int8.onnx");

        List<Variant> variants = Variant.list(List.of(folder.resolve("m"), folder.resolve("n"), alone));

        assertEquals(folder.resolve("n/fp32.onnx").toString(), variants.get(1).name());
        assertEquals(OptionalInt.of(1), variants.get(2).baseline(variants));
        assertEquals(OptionalInt.empty(), variants.get(3).baseline(variants));
    }

    @Test
    void aFolderMayBeWrittenInTwoWays() throws IOException {
        Path fp32 = model("m/fp32.onnx");
        model("m/int8.onnx");

        List<Variant> variants = Variant.list(List.of(fp32, folder.resolve("./m/../m/int8.onnx")));

        assertEquals(OptionalInt.of(0), variants.get(1).baseline(variants));
    }

    @Test
    void aMissingFileAndAFolderWithoutModelsAreNamed() throws IOException {
        Path missing = folder.resolve("missing.onnx");
        GlintException ofFile = assertThrows(GlintException.class, () -> Variant.list(List.of(missing)));
        assertEquals(Reason.MODEL, ofFile.reason());

        Path empty = Files.createDirectory(folder.resolve("empty"));
        GlintException ofFolder = assertThrows(GlintException.class, () -> Variant.list(List.of(empty)));
        assertEquals(Reason.MODEL, ofFolder.reason());
    }

    private Path model(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, new byte[3]);
    }
}
