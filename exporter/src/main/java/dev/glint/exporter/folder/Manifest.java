package dev.glint.exporter.folder;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.TextFile;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a model folder holds.
 *
 * @param glint the version that wrote it
 * @param host where the latencies were measured
 * @param byDefault which variant runs when nobody says so
 * @param variants fp32 first, the others by name
 * @param origin the foreign file that fp32 was imported from; empty for a model of Glint's own
 */
public record Manifest(
        String glint, Host host, DefaultVariant byDefault, List<Variant> variants, Optional<Origin> origin) {
    /** The JSON form's name and version. */
    public static final String SCHEMA = "glint.manifest/1";

    public Manifest {
        variants = variants.stream()
                .sorted(Comparator.comparing((Variant v) -> !v.file().equals(ModelFolder.FP32))
                        .thenComparing(Variant::file))
                .toList();
        if (variants.stream().noneMatch(variant -> variant.file().equals(byDefault.file()))) {
            throw new IllegalArgumentException("default " + byDefault.file() + ", which is no variant");
        }
    }

    /** The variant of a file's name. */
    public Optional<Variant> variant(String file) {
        return variants.stream().filter(variant -> variant.file().equals(file)).findFirst();
    }

    /** The JSON form, a field a line. */
    public String toJson() {
        return ManifestJson.write(this);
    }

    /**
     * Reads the JSON form.
     *
     * @throws GlintException ({@code MODEL}) if it is none
     */
    public static Manifest fromJson(String json) {
        return ManifestJson.read(json);
    }

    /**
     * Reads a file with the JSON form.
     *
     * @throws GlintException ({@code MODEL}), naming the file, if it is none
     * @throws IOException if it cannot be read
     */
    public static Manifest read(Path file) throws IOException {
        try {
            return fromJson(TextFile.read(file, Reason.MODEL, SCHEMA));
        } catch (GlintException e) {
            throw e.about(file);
        }
    }
}
