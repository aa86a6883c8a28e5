package dev.glint.onnx.inference;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node took and gave when ONNX Runtime ran it for one picture.
 *
 * @param inputType the element type of its first input, as {@code uint8} or {@code float}; empty if it has none
 * @param inputShape the dimensions of that input
 * @param outputShape the dimensions of its first output
 */
public record ExecutedStep(String inputType, List<Long> inputShape, List<Long> outputShape) {
    private static final String STEP = "_kernel_time";

    /**
     * Shows a picture of zeros to a model and reads ONNX Runtime's record of it.
     *
     * @param model with one float input; free dimensions become 1
     * @return by the names of the nodes that ran, which are those of what {@link OnnxSession#optimized} makes of the model
     * @throws dev.glint.runtime.failure.GlintException ({@code MODEL}) if ONNX Runtime refuses it
     * @throws IOException if the record cannot be written or read
     */
    public static Map<String, ExecutedStep> record(OnnxModel model) throws IOException {
        return record(model, false);
    }

    /** The same of what {@link OnnxSession#optimizedForSignedActivations} makes of the model. */
    public static Map<String, ExecutedStep> recordWithSignedActivations(OnnxModel model) throws IOException {
        return record(model, true);
    }

    private static Map<String, ExecutedStep> record(OnnxModel model, boolean signed) throws IOException {
        Path folder = Files.createTempDirectory("glint-profile");
        Optional<Path> record = Optional.empty();
        try (OnnxSession session = OnnxSession.profiled(model, folder.resolve("run"), signed)) {
            long[] shape = shape(model.graph().inputs().get(0));
            session.run(zeros(shape), shape);
            record = Optional.of(session.endProfile());
            return steps(JsonParser.parseString(Files.readString(record.get())));
        } finally {
            if (record.isPresent()) {
                Files.deleteIfExists(record.get());
            }
            Files.deleteIfExists(folder);
        }
    }

    private static long[] shape(ValueInfo input) {
        List<Dimension> dimensions = input.shape() == null ? List.of() : input.shape();
        return dimensions.stream()
                .mapToLong(dimension -> dimension instanceof Dimension.Fixed fixed ? fixed.size() : 1)
                .toArray();
    }

    private static FloatBuffer zeros(long... shape) {
        int size = Float.BYTES;
        for (long dimension : shape) {
            size = Math.multiplyExact(size, Math.toIntExact(dimension));
        }
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    private static Map<String, ExecutedStep> steps(JsonElement events) {
        Map<String, ExecutedStep> steps = new HashMap<>();
        for (JsonElement element : events.getAsJsonArray()) {
            JsonObject event = element.getAsJsonObject();
            String name = event.get("name").getAsString();
            JsonObject arguments = event.has("args") ? event.getAsJsonObject("args") : new JsonObject();
            if (name.endsWith(STEP) && arguments.has("output_type_shape")) {
                Map.Entry<String, List<Long>> input = first(arguments.getAsJsonArray("input_type_shape"));
                Map.Entry<String, List<Long>> output = first(arguments.getAsJsonArray("output_type_shape"));
                String node = name.substring(0, name.length() - STEP.length());
                steps.put(node, new ExecutedStep(input.getKey(), input.getValue(), output.getValue()));
            }
        }
        return steps;
    }

    private static Map.Entry<String, List<Long>> first(JsonArray values) {
        if (values.isEmpty()) {
            return Map.entry("", List.of());
        }
        Map.Entry<String, JsonElement> value =
                values.get(0).getAsJsonObject().entrySet().iterator().next();
        List<Long> shape = new ArrayList<>();
        value.getValue().getAsJsonArray().forEach(size -> shape.add(size.getAsLong()));
        return Map.entry(value.getKey(), shape);
    }
}
