package dev.glint.exporter.job;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The {@code fp32.onnx} of a model folder.
 *
 * @param file where it is
 * @param model what is in it
 * @param contract what is in its metadata
 */
record FloatModel(Path file, OnnxModel model, PreprocessContract contract) {
    /** The first whose {@code DequantizeLinear} has an axis. */
    private static final long PER_CHANNEL_OPSET = 13;

    /**
     * Reads it.
     *
     * @param path a model folder, or the file in one
     * @throws GlintException ({@code MODEL}) if it is missing, is no model, has no contract, or cannot be quantised (again)
     */
    static FloatModel open(Path path) {
        Path file = find(path);
        OnnxModel model = OnnxReader.read(file);
        try {
            requireQuantizable(model);
            return new FloatModel(file, model, PreprocessContract.fromMetadata(model.metadata()::get));
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static void requireQuantizable(OnnxModel model) {
        if (model.graph().nodes().stream().anyMatch(node -> node.op().contains("QuantizeLinear"))) {
            throw GlintException.failure(
                    Reason.MODEL, "a model that is quantised already", "a float model", "export the run again");
        }
        long opset = model.opsets().getOrDefault("", 0L);
        if (opset < PER_CHANNEL_OPSET) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "operator set " + opset,
                    PER_CHANNEL_OPSET + " or newer, which has weights with a scale per channel",
                    "write the model again for a newer operator set");
        }
    }

    private static Path find(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve(ModelFolder.FP32) : path;
        if (!Files.isRegularFile(file) || !file.endsWith(ModelFolder.FP32)) {
            throw GlintException.failure(
                            Reason.MODEL,
                            Files.exists(path) ? "no " + ModelFolder.FP32 : "no such folder",
                            "a model folder with " + ModelFolder.FP32,
                            "write one with exporter export")
                    .about(path);
        }
        return file;
    }

    /** The model folder. */
    Path folder() {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }
}
