package dev.glint.runtime.fuzz;

import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.Resources;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.SyntheticPictures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Small files to begin with: those kept with the tests and, where they lie beside the project, those of other decoders. */
final class Seeds {
    private static final int MAX_BYTES = 20_000;
    private static final List<Map.Entry<String, String>> KEPT = List.of(
            Map.entry("dev/glint/runtime/decode/generated/", "expected.tsv"),
            Map.entry("dev/glint/runtime/decode/orientation/", "expected.tsv"),
            Map.entry("dev/glint/runtime/decode/jpeg/", "files.tsv"));

    private Seeds() {}

    static Stream<byte[]> read(String... extensions) {
        List<String> endings =
                Arrays.stream(extensions).map(extension -> "." + extension).toList();
        Stream<byte[]> kept = KEPT.stream()
                .flatMap(list -> Resources.lines(list.getKey() + list.getValue()).stream()
                        .map(line -> line.split("\t")[0])
                        .filter(name -> endings.stream().anyMatch(name::endsWith))
                        .map(name -> Resources.bytes(list.getKey() + name)));
        Stream<byte[]> made = Arrays.stream(Mode.values())
                .map(mode -> PngFile.of(SyntheticPictures.noise(5, 4, mode)))
                .filter(file -> endings.contains(".png"));
        return Stream.of(Stream.of(new byte[0]), kept, made, shared(endings)).reduce(Stream.empty(), Stream::concat);
    }

    private static Stream<byte[]> shared(List<String> endings) {
        Path folder = SharedData.root().resolve("pictures");
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> endings.stream().anyMatch(file.toString().toLowerCase(Locale.ROOT)::endsWith))
                    .filter(file -> file.toFile().length() <= MAX_BYTES)
                    .sorted()
                    .toList()
                    .stream()
                    .map(Seeds::read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<byte[]> exif() {
        byte[] big = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0};
        byte[] little = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0};
        return Stream.of(new byte[0], big, little);
    }
}
