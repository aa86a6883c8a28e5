package dev.glint.runtime.model;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;

/** The names in a model folder, and which of its variants runs when nobody says so. */
public final class ModelFolder {
    /** The model as trained, 32-bit floats. */
    public static final String FP32 = "fp32.onnx";
    /** Static QDQ: 8-bit weights and activations. */
    public static final String INT8 = "int8.onnx";
    /** What the folder holds, per variant. */
    public static final String MANIFEST = "manifest.json";

    private ModelFolder() {}

    /**
     * The model file that a path stands for: a file is itself; a folder stands for the variant that its {@link #MANIFEST}
     * has as {@code default}. Where the manifest names none, or one that is not there, it is {@link #INT8} and then {@link
     * #FP32}; where it cannot be read, nothing is known of what was made smaller, and it is {@link #FP32} first.
     *
     * @throws GlintException ({@code MODEL}) if it is a folder without a model
     */
    public static Path select(Path model) {
        if (!Files.isDirectory(model)) {
            return model;
        }
        for (String variant : DefaultVariant.candidates(model.resolve(MANIFEST))) {
            Path file = model.resolve(variant);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw GlintException.failure(
                        Reason.MODEL,
                        "a folder without a model",
                        INT8 + " or " + FP32 + " in it",
                        "write one with exporter export")
                .about(model);
    }
}
