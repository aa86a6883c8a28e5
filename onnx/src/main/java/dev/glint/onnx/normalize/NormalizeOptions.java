package dev.glint.onnx.normalize;

import java.util.List;
import java.util.Optional;

/**
 * What the file of a model cannot say.
 *
 * @param output the output with the classes; empty if the model has but one
 * @param inputShape the sizes of the input's dimensions in the file's own order (N, C, H, W) or (N, H, W, C), -1 for one that
 *     stays as the file has it; empty if the file has them all. What is said of the first, the batch, does not matter
 * @param anyBatch whether the batch becomes free, whatever the file says; else it is 1. Pictures of a batch may turn out to meet
 *     in a file for a fixed one: whoever compares the result with the file, at a batch of several pictures, knows
 */
public record NormalizeOptions(Optional<String> output, List<Long> inputShape, boolean anyBatch) {
    /** Leave that dimension as it is in the file. */
    public static final long AS_IN_FILE = -1;

    public NormalizeOptions {
        inputShape = List.copyOf(inputShape);
    }

    /** All as in the file, but for any batch. */
    public static NormalizeOptions asInFile() {
        return new NormalizeOptions(Optional.empty(), List.of(), true);
    }

    /** The same with an output chosen. */
    public NormalizeOptions withOutput(String name) {
        return new NormalizeOptions(Optional.of(name), inputShape, anyBatch);
    }

    /** The same with sizes of the input. */
    public NormalizeOptions withInputShape(List<Long> shape) {
        return new NormalizeOptions(output, shape, anyBatch);
    }

    /** The same for one picture at a time. */
    public NormalizeOptions withOnePicture() {
        return new NormalizeOptions(output, inputShape, false);
    }
}
