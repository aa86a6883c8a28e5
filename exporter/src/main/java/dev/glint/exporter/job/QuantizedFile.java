package dev.glint.exporter.job;

import dev.glint.exporter.folder.Variant.Quantization;
import dev.glint.exporter.verify.Agreement;
import java.nio.file.Path;

/**
 * A variant that passed its checks.
 *
 * @param file where it is for now
 * @param quantization how it was made
 * @param agreement with the float model
 */
record QuantizedFile(Path file, Quantization quantization, Agreement agreement) {
    /** The file's name in its folder. */
    String fileName() {
        return file.getFileName().toString();
    }

    /** The name of the variant that a file is. */
    static String name(Path file) {
        return file.getFileName().toString().replace(".onnx", "");
    }
}
