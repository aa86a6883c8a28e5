package dev.glint.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Recurrent layers. PyTorch has the gates of an LSTM in the order input, forget, cell, output, those of a GRU as reset,
 * update, new; ONNX wants input, output, forget, cell and update, reset, hidden, and a dimension for the direction in
 * front of each weight. A layer of several becomes as many operators.
 */
final class RecurrentRules {
    record LongShortTerm(
            RecordedArray input,
            List<RecordedArray> state,
            List<RecordedArray> parameters,
            boolean biased,
            int layers,
            double dropRate,
            boolean training,
            boolean bidirectional,
            boolean batchFirst)
            implements Rule.Mode {}

    record Gated(
            RecordedArray input,
            RecordedArray state,
            List<RecordedArray> parameters,
            boolean biased,
            int layers,
            double dropRate,
            boolean training,
            boolean bidirectional,
            boolean batchFirst)
            implements Rule.Mode {}

    /** Which block of a PyTorch weight comes at each place in ONNX. */
    private static final int[] LSTM_GATES = {0, 3, 1, 2};

    private static final int[] GRU_GATES = {1, 0, 2};

    private RecurrentRules() {}

    static void addTo(RuleBook book) {
        book.add(
                "lstm",
                LongShortTerm.class,
                (call, layer) -> record(
                        call,
                        new Stack(
                                "LSTM",
                                LSTM_GATES,
                                layer.parameters(),
                                layer.biased(),
                                layer.layers(),
                                layer.bidirectional()),
                        layer.input(),
                        layer.state(),
                        layer.batchFirst(),
                        Map.of()));
        book.add(
                "gru",
                Gated.class,
                (call, layer) -> record(
                        call,
                        new Stack(
                                "GRU",
                                GRU_GATES,
                                layer.parameters(),
                                layer.biased(),
                                layer.layers(),
                                layer.bidirectional()),
                        layer.input(),
                        List.of(layer.state()),
                        layer.batchFirst(),
                        Map.of("linear_before_reset", Attribute.integer(1))));
    }

    /** Layers, one above the other, with the parameters of each direction of each: input, hidden, and their biases. */
    private record Stack(
            String op, int[] gates, List<RecordedArray> parameters, boolean biased, int layers, boolean bidirectional) {
        int directions() {
            return bidirectional ? 2 : 1;
        }

        /** One kind of parameter of a layer for all directions, in ONNX's order of gates; its name in the file. */
        String weights(Call call, int layer, int kind) {
            NDList directions = new NDList();
            @Nullable String name = null;
            for (int d = 0; d < directions(); d++) {
                RecordedArray parameter = parameter(layer, d, kind);
                name = name == null ? parameter.parameter() : name;
                directions.add(ordered(parameter.real()));
            }
            NDArray stacked = NDArrays.stack(directions);
            return call.recorder().ownConstant(name == null ? "recurrent" : name, Recorder.tensor(stacked));
        }

        String biases(Call call, int layer) {
            NDList directions = new NDList();
            for (int d = 0; d < directions(); d++) {
                directions.add(ordered(parameter(layer, d, 2).real())
                        .concat(ordered(parameter(layer, d, 3).real())));
            }
            return call.recorder().ownConstant("recurrent_bias", Recorder.tensor(NDArrays.stack(directions)));
        }

        private RecordedArray parameter(int layer, int direction, int kind) {
            int each = biased ? 4 : 2;
            RecordedArray parameter = parameters.get((layer * directions() + direction) * each + kind);
            if (parameter.isTraced()) {
                throw new IllegalArgumentException("weights that depend on the input");
            }
            return parameter;
        }

        private NDArray ordered(NDArray weight) {
            NDList parts = weight.split(gates.length, 0);
            NDList moved = new NDList();
            Arrays.stream(gates).forEach(gate -> moved.add(parts.get(gate)));
            return NDArrays.concat(moved, 0);
        }
    }

    private static void record(
            Call call,
            Stack stack,
            RecordedArray input,
            List<RecordedArray> state,
            boolean batchFirst,
            Map<String, Attribute> more) {
        // Time first, batch second.
        String sequence = batchFirst ? transposed(call, call.value(input), 1, 0, 2) : call.value(input);
        List<List<String>> last = new ArrayList<>();
        state.forEach(each -> last.add(new ArrayList<>()));
        Map<String, Attribute> attributes = new TreeMap<>(more);
        long hidden = state.get(0).shape()[2];
        attributes.put("hidden_size", Attribute.integer(hidden));
        attributes.put("direction", new Attribute.Text(stack.bidirectional() ? "bidirectional" : "forward"));
        for (int layer = 0; layer < stack.layers(); layer++) {
            List<String> inputs =
                    new ArrayList<>(List.of(sequence, stack.weights(call, layer, 0), stack.weights(call, layer, 1)));
            inputs.add(stack.biased() ? stack.biases(call, layer) : "");
            inputs.add("");
            for (RecordedArray each : state) {
                inputs.add(slice(call, call.value(each), layer, stack));
            }
            List<String> outputs = call.recorder().emit(stack.op(), inputs, 1 + state.size(), attributes);
            for (int i = 0; i < state.size(); i++) {
                last.get(i).add(outputs.get(1 + i));
            }
            // (time, direction, batch, hidden) to (time, batch, direction and hidden).
            String moved = transposed(call, outputs.get(0), 0, 2, 1, 3);
            sequence = call.emit("Reshape", List.of(moved, longs(call, 0, 0, stack.directions() * hidden)), Map.of());
        }
        call.results().get(0).bind(batchFirst ? transposed(call, sequence, 1, 0, 2) : sequence);
        for (int i = 0; i < state.size() && i + 1 < call.results().size(); i++) {
            call.results()
                    .get(i + 1)
                    .bind(
                            last.get(i).size() == 1
                                    ? last.get(i).get(0)
                                    : call.emit("Concat", last.get(i), Map.of("axis", Attribute.integer(0))));
        }
    }

    /** The state of one layer, of those of all layers and directions. */
    private static String slice(Call call, String states, int layer, Stack stack) {
        if (stack.layers() == 1) {
            return states;
        }
        long from = (long) layer * stack.directions();
        return call.emit(
                "Slice",
                List.of(states, longs(call, from), longs(call, from + stack.directions()), longs(call, 0)),
                Map.of());
    }

    private static String transposed(Call call, String value, long... axes) {
        return call.emit("Transpose", List.of(value), Map.of("perm", Call.ints(axes)));
    }

    private static String longs(Call call, long... values) {
        return call.recorder().constant(Tensor.longs(values));
    }
}
