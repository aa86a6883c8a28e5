package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.OnnxModel;
import java.util.List;

/**
 * A normalised model: one input (N, C, H, W), and one output of floats (N, classes).
 *
 * @param model the model, at {@link OnnxModel#OPSET}, without metadata
 * @param rules what was done, in the order in which it was first done
 * @param channelsMovedFirst whether the file's input was (N, H, W, C)
 */
public record Normalized(OnnxModel model, List<AppliedRule> rules, boolean channelsMovedFirst) {
    public Normalized {
        rules = List.copyOf(rules);
    }
}
