package dev.glint.runtime.contract;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.AlphaRule;
import dev.glint.runtime.image.OrientationRule;
import dev.glint.runtime.image.SixteenBitRule;
import java.util.List;

/** The JSON form of a {@link PreprocessContract}. Written by hand, so that nothing needs reflection. */
final class ContractJson {
    /** What a file of strangers may cost: the names of ImageNet's 21,841 classes fit. */
    private static final int MAX_TEXT = 1 << 20;

    private static final int MAX_LABELS = 32_768;

    /** Labels may have some in them. */
    private static final int MAX_COMMAS = 1 << 17;

    private static final int MAX_BRACKETS = 1 << 12;

    private ContractJson() {}

    static String write(PreprocessContract contract) {
        int schema = contract.schema();
        JsonObject json = new JsonObject();
        json.addProperty("schema", schema);
        if (schema > 1) {
            json.addProperty("decode", JsonFields.name(contract.decode()));
        }
        json.addProperty("colorSpace", contract.colorSpace().name());
        json.add("alpha", alpha(contract.alpha()));
        json.addProperty("orientation", JsonFields.name(contract.orientation()));
        json.addProperty("sixteenBit", JsonFields.name(contract.sixteenBit()));
        JsonArray steps = new JsonArray();
        contract.steps().forEach(step -> steps.add(step.toJson()));
        json.add("steps", steps);
        json.addProperty("scale", contract.scale());
        json.add("mean", JsonFields.numbers(contract.mean()));
        json.add("std", JsonFields.numbers(contract.std()));
        json.addProperty("layout", contract.layout().name());
        if (schema > 1) {
            json.addProperty("elementType", JsonFields.name(contract.elementType()));
        }
        json.add("shape", JsonFields.numbers(contract.shape()));
        json.addProperty("inputName", contract.inputName());
        JsonArray labels = new JsonArray();
        contract.labels().forEach(labels::add);
        json.add("labels", labels);
        if (schema > 1) {
            json.addProperty("output", JsonFields.name(contract.output()));
        }
        return json.toString();
    }

    static PreprocessContract read(String text) {
        try {
            requireModest(text);
            JsonObject json = JsonParser.parseString(text).getAsJsonObject();
            int schema = JsonFields.integer(json, "schema");
            if (schema < 1 || schema > PreprocessContract.SCHEMA_VERSION) {
                throw GlintException.failure(
                        Reason.MODEL,
                        "contract schema " + schema,
                        "schema 1 to " + PreprocessContract.SCHEMA_VERSION,
                        "use the Glint version that wrote the model, or export it again");
            }
            PreprocessContract contract = contract(json, schema > 1);
            if (schema < contract.schema()) {
                throw new IllegalArgumentException(
                        "what only schema " + contract.schema() + " has, in schema " + schema);
            }
            return contract;
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | IndexOutOfBoundsException
                | UnsupportedOperationException e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "an invalid preprocessing contract (" + e.getMessage() + ")",
                            "the JSON form of schema 1 to " + PreprocessContract.SCHEMA_VERSION,
                            "export the model again")
                    .causedBy(e);
        }
    }

    /** Reads the fields; those that the second version added have fixed values in the first, whatever the text has there. */
    private static PreprocessContract contract(JsonObject json, boolean second) {
        Layout layout = constant(Layout.class, "layout", JsonFields.text(json, "layout"));
        if (!second && layout != Layout.NCHW) {
            throw new IllegalArgumentException("layout " + layout + " in schema 1");
        }
        List<Integer> shape = JsonFields.list(json, "shape", JsonFields::integer);
        int row = layout.shape(0, 1, 2).indexOf(1);
        PreprocessContract contract = new PreprocessContract(
                second ? JsonFields.constant(DecodeRule.class, json, "decode") : DecodeRule.FULL,
                constant(ColorSpace.class, "colour space", JsonFields.text(json, "colorSpace")),
                alpha(JsonFields.object(json, "alpha")),
                JsonFields.constant(OrientationRule.class, json, "orientation"),
                JsonFields.constant(SixteenBitRule.class, json, "sixteenBit"),
                JsonFields.list(json, "steps", step -> GeometricStep.fromJson(step.getAsJsonObject())),
                JsonFields.number(json, "scale"),
                JsonFields.list(json, "mean", JsonFields::number),
                JsonFields.list(json, "std", JsonFields::number),
                layout,
                second ? JsonFields.constant(ElementType.class, json, "elementType") : ElementType.FLOAT32,
                shape.get(row + 1),
                shape.get(row),
                JsonFields.text(json, "inputName"),
                labels(json),
                second ? JsonFields.constant(OutputKind.class, json, "output") : OutputKind.LOGITS);
        if (!shape.equals(contract.shape())) {
            throw new IllegalArgumentException("shape " + shape + " in " + contract.colorSpace());
        }
        return contract;
    }

    /** A tree takes many times the memory of its text: what no contract has is refused before there is one. */
    private static void requireModest(String text) {
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException(text.length() + " characters");
        }
        int commas = 0;
        int brackets = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            commas += c == ',' ? 1 : 0;
            brackets += c == '{' || c == '[' ? 1 : 0;
        }
        if (commas > MAX_COMMAS || brackets > MAX_BRACKETS) {
            throw new IllegalArgumentException(commas + " commas and " + brackets + " opening brackets");
        }
    }

    private static List<String> labels(JsonObject json) {
        int count = json.get("labels") instanceof JsonArray labels ? labels.size() : 0;
        if (count > MAX_LABELS) {
            throw new IllegalArgumentException(count + " labels");
        }
        return JsonFields.list(json, "labels", JsonFields::text);
    }

    private static JsonObject alpha(AlphaRule rule) {
        JsonObject json = new JsonObject();
        if (rule instanceof AlphaRule.CompositeOver over) {
            json.addProperty("rule", "composite");
            json.add("color", JsonFields.numbers(List.of(over.red(), over.green(), over.blue())));
        } else if (rule instanceof AlphaRule.Drop) {
            json.addProperty("rule", "drop");
        } else {
            throw new IllegalStateException("no JSON form of " + rule);
        }
        return json;
    }

    private static AlphaRule alpha(JsonObject json) {
        String rule = JsonFields.text(json, "rule");
        switch (rule) {
            case "drop":
                return new AlphaRule.Drop();
            case "composite":
                int[] color = JsonFields.color(json);
                return new AlphaRule.CompositeOver(color[0], color[1], color[2]);
            default:
                throw new IllegalArgumentException("alpha rule " + rule);
        }
    }

    /** Written as the field writes it, in capitals. */
    private static <E extends Enum<E>> E constant(Class<E> type, String what, String name) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(what + " " + name);
    }
}
