package dev.glint.runtime.contract;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.glint.runtime.image.Interpolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads and writes the fields of a contract's JSON form; what is missing or of another type is an {@link IllegalArgumentException}. */
final class JsonFields {
    private JsonFields() {}

    static JsonObject step(String name) {
        JsonObject json = new JsonObject();
        json.addProperty("step", name);
        return json;
    }

    static JsonObject step(String name, int width, int height) {
        JsonObject json = step(name);
        json.addProperty("width", width);
        json.addProperty("height", height);
        return json;
    }

    static String text(JsonObject json, String name) {
        return text(field(json, name));
    }

    static String text(JsonElement value) {
        return primitive(value, JsonPrimitive::isString, "a text").getAsString();
    }

    static double number(JsonObject json, String name) {
        return number(field(json, name));
    }

    static double number(JsonElement value) {
        return primitive(value, JsonPrimitive::isNumber, "a number").getAsDouble();
    }

    /** A whole number: 8.9 is refused, not cut to 8. */
    static int integer(JsonObject json, String name) {
        return integer(field(json, name));
    }

    static int integer(JsonElement value) {
        double number = number(value);
        if (number != (int) number) {
            throw new IllegalArgumentException("a whole number is needed, not " + value);
        }
        return (int) number;
    }

    static JsonObject object(JsonObject json, String name) {
        return field(json, name).getAsJsonObject();
    }

    static <T> List<T> list(JsonObject json, String name, Function<JsonElement, T> element) {
        List<T> values = new ArrayList<>();
        field(json, name).getAsJsonArray().forEach(value -> values.add(element.apply(value)));
        return values;
    }

    /** Three components, red, green, blue. */
    static int[] color(JsonObject json) {
        List<Integer> color = list(json, "color", JsonFields::integer);
        if (color.size() != 3) {
            throw new IllegalArgumentException("a colour of " + color.size() + " components");
        }
        return color.stream().mapToInt(Integer::intValue).toArray();
    }

    static Interpolation interpolation(JsonObject json) {
        return constant(Interpolation.class, json, "interpolation");
    }

    /** The name of a constant as the JSON form writes it: {@code HIGH_BYTE} is {@code high-byte}. */
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <E extends Enum<E>> E constant(Class<E> type, JsonObject json, String field) {
        String name = text(json, field);
        for (E constant : type.getEnumConstants()) {
            if (name(constant).equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(type.getSimpleName() + " " + name);
    }

    static JsonArray numbers(List<? extends Number> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    /** Gson would read a number from a text and from a list of one. */
    private static JsonPrimitive primitive(JsonElement value, Predicate<JsonPrimitive> type, String needed) {
        if (value instanceof JsonPrimitive primitive && type.test(primitive)) {
            return primitive;
        }
        throw new IllegalArgumentException(needed + " is needed, not " + value);
    }

    private static JsonElement field(JsonObject json, String name) {
        JsonElement value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no field " + name);
        }
        return value;
    }
}
