package dev.glint.classify.bench;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.Sha256;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
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
 * @param sha256 of the file
 */
record Variant(String name, Path file, long bytes, String sha256) {

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
            variants.add(new Variant(name.toString(), file, Files.size(file), Sha256.ofFile(file)));
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
