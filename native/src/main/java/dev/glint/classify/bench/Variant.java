package dev.glint.classify.bench;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One of the models that are compared.
 *
 * @param name what the report calls it: the file's name where that is unique, else its path
 * @param file the ONNX file
 * @param bytes the file's size
 */
record Variant(String name, Path file, long bytes) {

    /**
     * The variants that paths stand for: a file is itself, a folder stands for every ONNX file in it, fp32 first.
     *
     * @throws GlintException ({@code MODEL}) if a file is missing or a folder holds none
     */
    static List<Variant> list(List<Path> models) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path model : models) {
            files.addAll(Files.isDirectory(model) ? inFolder(model) : List.of(model));
        }
        long names = files.stream().map(Path::getFileName).distinct().count();
        List<Variant> variants = new ArrayList<>();
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw GlintException.failure(
                                Reason.MODEL, "no such file", "an ONNX model", "check the path given with --model")
                        .about(file);
            }
            Path name = names == files.size() ? file.getFileName() : file;
            variants.add(new Variant(name.toString(), file, Files.size(file)));
        }
        return variants;
    }

    /** Where among the variants the fp32 model stands that this one is compared with: the one in its own folder. */
    OptionalInt baseline(List<Variant> variants) {
        Path fp32 = normalized(file.resolveSibling(ModelFolder.FP32));
        return IntStream.range(0, variants.size())
                .filter(i -> normalized(variants.get(i).file()).equals(fp32))
                .findFirst();
    }

    /** The SHA-256 of the file, in hexadecimal. */
    String sha256() {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] part = new byte[1 << 16];
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
                digest.update(part, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path normalized(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private static List<Path> inFolder(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> models = files.filter(file -> file.toString().endsWith(".onnx"))
                    .sorted(Comparator.comparing((Path file) -> !file.endsWith(ModelFolder.FP32))
                            .thenComparing(Path::toString))
                    .toList();
            if (models.isEmpty()) {
                ModelFolder.select(folder);
            }
            return models;
        }
    }
}
