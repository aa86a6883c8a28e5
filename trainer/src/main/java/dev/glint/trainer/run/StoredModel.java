package dev.glint.trainer.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network as a run keeps it.
 *
 * @param tensors its weights, by the names of the {@code state_dict}
 * @param ranges of activations in its exported graph, by value, where they were fitted along
 */
record StoredModel(Map<String, StoredTensor> tensors, Map<String, Range> ranges) {
    /** Of the file that holds the weights: both are replaced at once. */
    private static final String METADATA_KEY = "ranges";

    StoredModel {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        ranges = Collections.unmodifiableMap(new LinkedHashMap<>(ranges));
    }

    /** Puts the ranges, if there are any, into the metadata of a file. */
    void describe(Map<String, String> metadata) {
        if (ranges.isEmpty()) {
            return;
        }
        JsonObject json = new JsonObject();
        ranges.forEach((value, range) -> {
            JsonArray ends = new JsonArray();
            ends.add(range.min());
            ends.add(range.max());
            json.add(value, ends);
        });
        metadata.put(METADATA_KEY, json.toString());
    }

    /** The ranges in the metadata of a file; throws what {@link RunConfig#fromJson} expects if they are none. */
    static Map<String, Range> ranges(Map<String, String> metadata) {
        @Nullable String text = metadata.get(METADATA_KEY);
        Map<String, Range> ranges = new LinkedHashMap<>();
        if (text != null) {
            JsonParser.parseString(text)
                    .getAsJsonObject()
                    .asMap()
                    .forEach((value, ends) -> ranges.put(value, new Range(end(ends, 0), end(ends, 1))));
        }
        return ranges;
    }

    private static float end(JsonElement ends, int index) {
        if (ends.getAsJsonArray().size() != 2) {
            throw new IllegalArgumentException("the range " + ends);
        }
        return ends.getAsJsonArray().get(index).getAsFloat();
    }
}
