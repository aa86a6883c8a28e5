package dev.glint.runtime;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.glint.runtime.GlintException.Reason;
import dev.glint.runtime.PreprocessContract.AlphaRule;
import dev.glint.runtime.PreprocessContract.ColorSpace;
import dev.glint.runtime.PreprocessContract.GeometricStep;
import dev.glint.runtime.PreprocessContract.OrientationRule;
import dev.glint.runtime.PreprocessContract.SixteenBitRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The JSON form of a {@link PreprocessContract}. Written by hand, so that nothing needs reflection. */
final class ContractJson {
    private static final String LAYOUT = "NCHW";

    private ContractJson() {}

    static String write(PreprocessContract contract) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", PreprocessContract.SCHEMA_VERSION);
        json.addProperty("colorSpace", contract.colorSpace().name());
        json.add("alpha", alpha(contract.alpha()));
        json.addProperty("orientation", name(contract.orientation()));
        json.addProperty("sixteenBit", name(contract.sixteenBit()));
        JsonArray steps = new JsonArray();
        contract.steps().forEach(step -> steps.add(step(step)));
        json.add("steps", steps);
        json.addProperty("scale", contract.scale());
        json.add("mean", numbers(contract.mean()));
        json.add("std", numbers(contract.std()));
        json.addProperty("layout", LAYOUT);
        json.add("shape", numbers(List.of(contract.channels(), contract.height(), contract.width())));
        json.addProperty("inputName", contract.inputName());
        JsonArray labels = new JsonArray();
        contract.labels().forEach(labels::add);
        json.add("labels", labels);
        return json.toString();
    }

    static PreprocessContract read(String text) {
        try {
            JsonObject json = JsonParser.parseString(text).getAsJsonObject();
            int schema = field(json, "schema").getAsInt();
            if (schema != PreprocessContract.SCHEMA_VERSION) {
                throw GlintException.of(
                        Reason.MODEL,
                        "contract schema " + schema,
                        "schema " + PreprocessContract.SCHEMA_VERSION,
                        "use the Glint version that wrote the model, or export it again");
            }
            String layout = field(json, "layout").getAsString();
            if (!layout.equals(LAYOUT)) {
                throw new IllegalArgumentException("layout " + layout);
            }
            List<Integer> shape = list(json, "shape", JsonElement::getAsInt);
            PreprocessContract contract = new PreprocessContract(
                    colorSpace(field(json, "colorSpace").getAsString()),
                    alpha(field(json, "alpha").getAsJsonObject()),
                    constant(OrientationRule.class, field(json, "orientation")),
                    constant(SixteenBitRule.class, field(json, "sixteenBit")),
                    list(json, "steps", step -> step(step.getAsJsonObject())),
                    field(json, "scale").getAsDouble(),
                    list(json, "mean", JsonElement::getAsDouble),
                    list(json, "std", JsonElement::getAsDouble),
                    shape.get(2),
                    shape.get(1),
                    field(json, "inputName").getAsString(),
                    list(json, "labels", JsonElement::getAsString));
            if (shape.size() != 3 || shape.get(0) != contract.channels()) {
                throw new IllegalArgumentException("shape " + shape + " in " + contract.colorSpace());
            }
            return contract;
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | IndexOutOfBoundsException
                | UnsupportedOperationException e) {
            throw GlintException.of(
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
            json.add("color", numbers(List.of(over.red(), over.green(), over.blue())));
        } else {
            json.addProperty("rule", "drop");
        }
        return json;
    }

    private static AlphaRule alpha(JsonObject json) {
        String rule = field(json, "rule").getAsString();
        switch (rule) {
            case "drop":
                return new AlphaRule.Drop();
            case "composite":
                List<Integer> color = color(json);
                return new AlphaRule.CompositeOver(color.get(0), color.get(1), color.get(2));
            default:
                throw new IllegalArgumentException("alpha rule " + rule);
        }
    }

    private static JsonObject step(GeometricStep step) {
        JsonObject json = new JsonObject();
        if (step instanceof GeometricStep.ResizeShorterSide resize) {
            json.addProperty("step", "resize-shorter-side");
            json.addProperty("size", resize.size());
            json.addProperty("interpolation", name(resize.interpolation()));
        } else if (step instanceof GeometricStep.ResizeExact resize) {
            json.addProperty("step", "resize-exact");
            json.addProperty("width", resize.width());
            json.addProperty("height", resize.height());
            json.addProperty("interpolation", name(resize.interpolation()));
        } else if (step instanceof GeometricStep.CenterCrop crop) {
            json.addProperty("step", "center-crop");
            json.addProperty("width", crop.width());
            json.addProperty("height", crop.height());
        } else if (step instanceof GeometricStep.Fit fit) {
            json.addProperty("step", "fit");
            json.addProperty("width", fit.width());
            json.addProperty("height", fit.height());
            json.addProperty("interpolation", name(fit.interpolation()));
            json.add("color", numbers(List.of(fit.red(), fit.green(), fit.blue())));
        }
        return json;
    }

    private static GeometricStep step(JsonObject json) {
        String name = field(json, "step").getAsString();
        switch (name) {
            case "resize-shorter-side":
                return new GeometricStep.ResizeShorterSide(field(json, "size").getAsInt(), interpolation(json));
            case "resize-exact":
                return new GeometricStep.ResizeExact(
                        field(json, "width").getAsInt(), field(json, "height").getAsInt(), interpolation(json));
            case "center-crop":
                return new GeometricStep.CenterCrop(
                        field(json, "width").getAsInt(), field(json, "height").getAsInt());
            case "fit":
                List<Integer> color = color(json);
                return new GeometricStep.Fit(
                        field(json, "width").getAsInt(),
                        field(json, "height").getAsInt(),
                        interpolation(json),
                        color.get(0),
                        color.get(1),
                        color.get(2));
            default:
                throw new IllegalArgumentException("step " + name);
        }
    }

    private static List<Integer> color(JsonObject json) {
        List<Integer> color = list(json, "color", JsonElement::getAsInt);
        if (color.size() != 3) {
            throw new IllegalArgumentException("a colour of " + color.size() + " components");
        }
        return color;
    }

    private static Interpolation interpolation(JsonObject json) {
        return constant(Interpolation.class, field(json, "interpolation"));
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E constant(Class<E> type, JsonElement value) {
        String name = value.getAsString();
        for (E constant : type.getEnumConstants()) {
            if (name(constant).equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(type.getSimpleName() + " " + name);
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

    private static JsonArray numbers(List<? extends Number> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    private static <T> List<T> list(JsonObject json, String name, Function<JsonElement, T> element) {
        List<T> values = new ArrayList<>();
        field(json, name).getAsJsonArray().forEach(value -> values.add(element.apply(value)));
        return values;
    }

    private static JsonElement field(JsonObject json, String name) {
        JsonElement value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no field " + name);
        }
        return value;
    }
}
