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
    private static final String LAYOUT = "NCHW";

    private ContractJson() {}

    static String write(PreprocessContract contract) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", PreprocessContract.SCHEMA_VERSION);
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
        json.addProperty("layout", LAYOUT);
        json.add("shape", JsonFields.numbers(List.of(contract.channels(), contract.height(), contract.width())));
        json.addProperty("inputName", contract.inputName());
        JsonArray labels = new JsonArray();
        contract.labels().forEach(labels::add);
        json.add("labels", labels);
        return json.toString();
    }

    static PreprocessContract read(String text) {
        try {
            JsonObject json = JsonParser.parseString(text).getAsJsonObject();
            int schema = JsonFields.integer(json, "schema");
            if (schema != PreprocessContract.SCHEMA_VERSION) {
                throw GlintException.failure(
                        Reason.MODEL,
                        "contract schema " + schema,
                        "schema " + PreprocessContract.SCHEMA_VERSION,
                        "use the Glint version that wrote the model, or export it again");
            }
            String layout = JsonFields.text(json, "layout");
            if (!layout.equals(LAYOUT)) {
                throw new IllegalArgumentException("layout " + layout);
            }
            List<Integer> shape = JsonFields.list(json, "shape", JsonFields::integer);
            PreprocessContract contract = new PreprocessContract(
                    colorSpace(JsonFields.text(json, "colorSpace")),
                    alpha(JsonFields.object(json, "alpha")),
                    JsonFields.constant(OrientationRule.class, json, "orientation"),
                    JsonFields.constant(SixteenBitRule.class, json, "sixteenBit"),
                    JsonFields.list(json, "steps", step -> GeometricStep.fromJson(step.getAsJsonObject())),
                    JsonFields.number(json, "scale"),
                    JsonFields.list(json, "mean", JsonFields::number),
                    JsonFields.list(json, "std", JsonFields::number),
                    shape.get(2),
                    shape.get(1),
                    JsonFields.text(json, "inputName"),
                    JsonFields.list(json, "labels", JsonFields::text));
            if (shape.size() != 3 || shape.get(0) != contract.channels()) {
                throw new IllegalArgumentException("shape " + shape + " in " + contract.colorSpace());
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
                            "the JSON form of schema " + PreprocessContract.SCHEMA_VERSION,
                            "export the model again")
                    .causedBy(e);
        }
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
    private static ColorSpace colorSpace(String name) {
        for (ColorSpace space : ColorSpace.values()) {
            if (space.name().equals(name)) {
                return space;
            }
        }
        throw new IllegalArgumentException("colour space " + name);
    }
}
