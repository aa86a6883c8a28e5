package dev.glint.onnx.foreign;

import dev.glint.onnx.graph.OnnxModel;
import java.util.List;
import java.util.Objects;

/**
 * A model that another tool exported, as its file has it: its operator set, its tensors (those of files beside it, too), its
 * inputs without the initializers, and the outputs that are numbers.
 *
 * @param model the file's content; its graph's outputs are all that may be asked of it
 * @param whole whether that is all that the file has; what is left out was not looked at, and must not be run
 * @param notes what was left out or found elsewhere, a clause each, for a report
 */
public record ForeignModel(OnnxModel model, boolean whole, List<String> notes) {
    /** The oldest version of ONNX's own operators that is understood. */
    public static final long OLDEST_OPSET = 7;
    /** The newest version of ONNX's own operators that is understood. */
    public static final long NEWEST_OPSET = 21;

    public ForeignModel {
        notes = List.copyOf(notes);
    }

    /** The version of ONNX's own operators that the graph is written in. */
    public long opset() {
        return Objects.requireNonNull(model.opsets().get(""));
    }
}
