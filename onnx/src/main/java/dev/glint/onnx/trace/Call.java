package dev.glint.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.glint.onnx.graph.Attribute;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One call of an array's method by the block, which the engine has answered already.
 *
 * @param recorder takes the nodes
 * @param method what was called
 * @param self the array that it was called on
 * @param results what the engine answered, without names yet
 */
record Call(Recorder recorder, Method method, RecordedArray self, List<RecordedArray> results) {

    /** The only result. */
    RecordedArray result() {
        return results.get(0);
    }

    /** The graph's name for an array. */
    String value(RecordedArray array) {
        return recorder.value(array);
    }

    /** The graph's name for an array, converted to the type of the result as the engine does. */
    String operand(RecordedArray array) {
        return converted(array, result().real().getDataType());
    }

    /** The graph's name for an array, converted to a type. */
    String converted(RecordedArray array, DataType type) {
        if (array.real().getDataType() == type) {
            return value(array);
        }
        if (!array.isTraced()) {
            NDArray converted = array.real().toType(type, false);
            return recorder.value(RecordedArray.constant(converted));
        }
        return cast(value(array), type);
    }

    /** A scalar of the type of the result. */
    String constant(Number number) {
        NDArray scalar = Recorder.scalar(self.real(), number, result().real().getDataType());
        return recorder.constant(Recorder.tensor(scalar));
    }

    String cast(String value, DataType type) {
        return emit(
                "Cast",
                List.of(value),
                Map.of("to", Attribute.integer(Recorder.elementType(type).code())));
    }

    /** Adds a node with one output; returns the output's name. */
    String emit(String op, List<String> inputs, Map<String, Attribute> attributes) {
        return recorder.emit(op, inputs, 1, attributes).get(0);
    }

    /** Adds the node that makes the result. */
    void define(String op, List<String> inputs, Map<String, Attribute> attributes) {
        result().bind(emit(op, inputs, attributes));
    }

    /** Adds the node that makes the result, named after the layer whose weight it uses. */
    void defineLayer(String op, RecordedArray weight, List<String> inputs, Map<String, Attribute> attributes) {
        String parameter = weight.parameter();
        if (parameter == null) {
            define(op, inputs, attributes);
            return;
        }
        int end = parameter.lastIndexOf('.');
        String layer = recorder.nodeName(end > 0 ? parameter.substring(0, end) : parameter);
        result().bind(recorder.emit(layer, op, inputs, 1, attributes).get(0));
    }

    /** Says that the operator has no counterpart with these arguments. */
    Unsupported unsupported(String why) {
        return Unsupported.operator(method, why, recorder.place());
    }

    static Attribute ints(long... values) {
        return Attribute.integers(Arrays.stream(values).boxed().toList());
    }
}
