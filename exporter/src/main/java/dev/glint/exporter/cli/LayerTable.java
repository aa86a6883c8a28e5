package dev.glint.exporter.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.console.Text;
import dev.glint.onnx.quantize.LayerReport;
import dev.glint.onnx.quantize.plan.FloatReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What each layer costs, to people and to programs. */
final class LayerTable {
    private LayerTable() {}

    /** A line per layer, and what it says; nothing if there is none. */
    static String text(List<LayerReport> layers) {
        if (layers.isEmpty()) {
            return "";
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("layer", "operator", "weights", "activations", "alone", "type"));
        for (LayerReport layer : layers) {
            rows.add(List.of(
                    layer.name(),
                    layer.operator(),
                    decibels(layer.weightDecibels()),
                    decibels(layer.activationDecibels()),
                    decibels(layer.aloneDecibels()),
                    layer.floatReason().map(reason -> "float: " + reason.text()).orElse("integer")));
        }
        return String.join("\n", Text.table(rows))
                + "\nsignal to noise of the rounded weights, of what is made, and of the logits if only this layer is"
                + " quantised\n";
    }

    private static String decibels(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.1f dB", value.getAsDouble()) : "-";
    }

    /** An object per layer. */
    static JsonArray json(List<LayerReport> layers) {
        JsonArray array = new JsonArray();
        for (LayerReport layer : layers) {
            JsonObject json = new JsonObject();
            json.addProperty("name", layer.name());
            json.addProperty("operator", layer.operator());
            add(json, "weightDecibels", layer.weightDecibels());
            add(json, "activationDecibels", layer.activationDecibels());
            add(json, "aloneDecibels", layer.aloneDecibels());
            layer.floatReason().map(FloatReason::text).ifPresent(reason -> json.addProperty("floatReason", reason));
            array.add(json);
        }
        return array;
    }

    private static void add(JsonObject json, String name, OptionalDouble value) {
        if (value.isPresent() && Double.isFinite(value.getAsDouble())) {
            json.addProperty(name, value.getAsDouble());
        }
    }
}
