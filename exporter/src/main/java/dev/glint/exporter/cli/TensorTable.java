package dev.glint.exporter.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.console.Text;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How the tensors of a quantised model become integers, as its file says it. */
final class TensorTable {
    private static final int SCALE = 1;
    private static final int ZERO_POINT = 2;

    private TensorTable() {}

    /**
     * A tensor.
     *
     * @param name of the value, or of the integers of a constant
     * @param constant whether it is one
     * @param scales one, or one per channel
     * @param zeroPoint the one of all channels; of several, the first
     */
    private record Row(String name, boolean constant, ElementType type, float[] scales, long zeroPoint) {
        static Optional<Row> read(Node node, Graph graph) {
            boolean quantize = node.isOperator("QuantizeLinear");
            boolean dequantize =
                    node.isOperator("DequantizeLinear") && graph.initializers().containsKey(node.input(0));
            if (!quantize && !dequantize || node.inputs().size() <= ZERO_POINT) {
                return Optional.empty();
            }
            Tensor scale = graph.initializers().get(node.input(SCALE));
            Tensor zeroPoint = graph.initializers().get(node.input(ZERO_POINT));
            if (scale == null
                    || zeroPoint == null
                    || scale.type() != ElementType.FLOAT
                    || scale.size() * zeroPoint.size() == 0) {
                return Optional.empty();
            }
            return Optional.of(
                    new Row(node.input(0), dequantize, zeroPoint.type(), scale.toFloats(), zeroPoint(zeroPoint)));
        }

        private static long zeroPoint(Tensor tensor) {
            ByteBuffer first = ByteBuffer.wrap(tensor.data()).order(ByteOrder.LITTLE_ENDIAN);
            return switch (tensor.type()) {
                case UINT8 -> Byte.toUnsignedInt(first.get());
                case INT32 -> first.getInt();
                default -> first.get();
            };
        }

        private String granularity() {
            return scales.length == 1 ? "per tensor" : "per channel, " + scales.length;
        }

        /** What the bytes of an activation reach over. */
        private Optional<float[]> range() {
            if (constant || scales.length > 1) {
                return Optional.empty();
            }
            int lowest = type == ElementType.UINT8 ? 0 : -128;
            return Optional.of(new float[] {(lowest - zeroPoint) * scales[0], (lowest + 255 - zeroPoint) * scales[0]});
        }
    }

    private static List<Row> rows(Graph graph) {
        return graph.nodes().stream()
                .flatMap(node -> Row.read(node, graph).stream())
                .toList();
    }

    /** A line per tensor; says so if there is none. */
    static String text(Graph graph) {
        List<Row> rows = rows(graph);
        if (rows.isEmpty()) {
            return "no tensor becomes integers";
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("tensor", "type", "scales", "zero point", "range"));
        for (Row row : rows) {
            lines.add(List.of(
                    row.name(),
                    row.type().name().toLowerCase(Locale.ROOT),
                    row.granularity(),
                    String.valueOf(row.zeroPoint()),
                    row.range()
                            .map(range -> String.format(Locale.ROOT, "%.4g to %.4g", range[0], range[1]))
                            .orElse("")));
        }
        return String.join("\n", Text.table(lines));
    }

    static JsonArray json(Graph graph) {
        JsonArray tensors = new JsonArray();
        for (Row row : rows(graph)) {
            JsonObject tensor = new JsonObject();
            tensor.addProperty("tensor", row.name());
            tensor.addProperty("constant", row.constant());
            tensor.addProperty("type", row.type().name().toLowerCase(Locale.ROOT));
            tensor.addProperty("scales", row.scales().length);
            tensor.addProperty("zeroPoint", row.zeroPoint());
            row.range().ifPresent(range -> {
                tensor.addProperty("min", range[0]);
                tensor.addProperty("max", range[1]);
            });
            tensors.add(tensor);
        }
        return tensors;
    }
}
