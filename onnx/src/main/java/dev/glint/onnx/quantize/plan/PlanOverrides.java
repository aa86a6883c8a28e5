package dev.glint.onnx.quantize.plan;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.glint.onnx.quantize.scheme.IntegerType;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme.Granularity;
import dev.glint.onnx.quantize.scheme.TensorScheme.Symmetry;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What somebody wants of a plan: a whole one as {@link PlanJson} writes it, or parts.
 *
 * @param nodes by name: why it stays in float, empty if it is to be integer
 * @param schemes of tensors
 * @param ranges of values, by name, which are not calibrated
 */
public record PlanOverrides(
        Map<String, Optional<FloatReason>> nodes, SchemeChanges schemes, Map<String, Range> ranges) {
    private static final Set<String> TENSOR_FIELDS =
            Set.of("type", "symmetry", "granularity", "range", "decidedBy", "factor", "scale", "zeroPoint");

    /**
     * Reads a JSON object with any of the fields {@code nodes} (name: {@code "float"}, {@code "integer"}, or an object whose
     * {@code type} is one of these), {@code activations} and {@code weights} (name: an object with any of {@code type},
     * {@code symmetry}, {@code granularity}, {@code range}) and {@code ranges} (name: {@code [min, max]}).
     *
     * @throws GlintException ({@code INPUT}) saying what is wrong
     */
    public static PlanOverrides read(String json) {
        Map<String, Optional<FloatReason>> nodes = new LinkedHashMap<>();
        Map<String, SchemeChange> activations = new LinkedHashMap<>();
        Map<String, SchemeChange> weights = new LinkedHashMap<>();
        Map<String, Range> ranges = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> part : parse(json).entrySet()) {
            String field = part.getKey();
            switch (field) {
                case PlanJson.SCHEMA_FIELD -> requireSchema(part.getValue());
                case "profile", "scheme" -> {}
                case "nodes" ->
                    object(field, part.getValue())
                            .asMap()
                            .forEach((name, value) -> nodes.put(name, floatReason(name, value)));
                case "activations" ->
                    object(field, part.getValue()).asMap().forEach((name, value) -> {
                        JsonObject tensor = object(name, value);
                        activations.put(name, change(name, tensor, true));
                        if (tensor.has("range")) {
                            ranges.put(text(tensor, "decidedBy").orElse(name), range(name, tensor.get("range")));
                        }
                    });
                case "weights" ->
                    object(field, part.getValue())
                            .asMap()
                            .forEach((name, value) -> weights.put(name, change(name, object(name, value), false)));
                case "ranges" ->
                    object(field, part.getValue())
                            .asMap()
                            .forEach((name, value) -> ranges.put(name, range(name, value)));
                default -> throw failure("the field '" + field + "'", "'nodes', 'activations', 'weights' or 'ranges'");
            }
        }
        return new PlanOverrides(nodes, new SchemeChanges(activations, weights), ranges);
    }

    private static JsonObject parse(String json) {
        try {
            JsonElement parsed = JsonParser.parseString(json);
            if (parsed.isJsonObject()) {
                return parsed.getAsJsonObject();
            }
        } catch (JsonParseException | StackOverflowError e) {
            throw failure("no JSON that can be read (" + e.getClass().getSimpleName() + ")", "a JSON object");
        }
        throw failure("no JSON object", "one with nodes, activations, weights or ranges");
    }

    private static void requireSchema(JsonElement schema) {
        if (!schema.isJsonPrimitive() || !schema.getAsString().equals(PlanJson.SCHEMA)) {
            throw failure("the schema " + schema, PlanJson.SCHEMA);
        }
    }

    private static Optional<FloatReason> floatReason(String name, JsonElement value) {
        Optional<String> type = value.isJsonObject()
                ? text(value.getAsJsonObject(), "type")
                : Optional.of(value).filter(JsonElement::isJsonPrimitive).map(JsonElement::getAsString);
        switch (type.orElse("")) {
            case "integer":
                return Optional.empty();
            case "float":
                return Optional.of(
                        value.isJsonObject()
                                ? text(value.getAsJsonObject(), "reason")
                                        .flatMap(FloatReason::named)
                                        .orElse(FloatReason.EXCLUDED)
                                : FloatReason.EXCLUDED);
            default:
                throw failure(
                        "'" + type.orElse(value.getClass().getSimpleName()) + "' for " + name, "'float' or 'integer'");
        }
    }

    private static SchemeChange change(String name, JsonObject tensor, boolean activation) {
        for (String field : tensor.keySet()) {
            if (!TENSOR_FIELDS.contains(field)) {
                throw failure("the field '" + field + "' of " + name, "type, symmetry, granularity or range");
            }
        }
        if (!activation && tensor.has("range")) {
            throw failure("a range for the weights of " + name, "none: theirs is known");
        }
        Optional<String> type = text(tensor, "type");
        if (type.isPresent() && !type.get().matches("[su][2-8]")) {
            throw failure("the type '" + type.get() + "' of " + name, "u8, s8, or fewer bits, such as s7");
        }
        Optional<Granularity> granularity = one(name, tensor, "granularity", Granularity.values());
        if (activation && granularity.filter(Granularity.PER_CHANNEL::equals).isPresent()) {
            throw failure("an activation per channel, " + name, "'per-tensor'; integer operators know nothing else");
        }
        return new SchemeChange(
                type.map(text -> text.charAt(0) == 's' ? IntegerType.S8 : IntegerType.U8),
                type.isPresent() ? OptionalInt.of(type.get().charAt(1) - '0') : OptionalInt.empty(),
                one(name, tensor, "symmetry", Symmetry.values()),
                granularity);
    }

    private static <E extends Enum<E>> Optional<E> one(String name, JsonObject tensor, String field, E[] values) {
        Optional<String> text = text(tensor, field);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        for (E value : values) {
            if (PlanJson.word(value).equals(text.get())) {
                return Optional.of(value);
            }
        }
        String words = String.join(
                " or ",
                List.of(values).stream()
                        .map(value -> "'" + PlanJson.word(value) + "'")
                        .toList());
        throw failure("the " + field + " '" + text.get() + "' of " + name, words);
    }

    private static Optional<String> text(JsonObject json, String field) {
        JsonElement value = json.get(field);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isJsonPrimitive()) {
            throw failure("'" + field + "' that is no text", "a text");
        }
        return Optional.of(value.getAsString());
    }

    private static Range range(String name, JsonElement value) {
        try {
            List<JsonElement> ends = value.getAsJsonArray().asList();
            if (ends.size() == 2) {
                return new Range(ends.get(0).getAsFloat(), ends.get(1).getAsFloat());
            }
        } catch (IllegalStateException | IllegalArgumentException | UnsupportedOperationException e) {
            // Said below.
        }
        throw failure("the range " + value + " of " + name, "[min, max], finite");
    }

    private static JsonObject object(String name, JsonElement value) {
        if (!value.isJsonObject()) {
            throw failure("'" + name + "' that is no object", "an object");
        }
        return value.getAsJsonObject();
    }

    private static GlintException failure(String found, String expected) {
        return GlintException.failure(Reason.INPUT, shortened(found), expected, "correct it");
    }

    private static String shortened(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "..." : text;
    }
}
