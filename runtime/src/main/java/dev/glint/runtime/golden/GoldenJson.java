package dev.glint.runtime.golden;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonReader;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of {@link GoldenSamples}. Pictures and logits (32-bit floats, little end first) are Base64, which is exact and
 * the same on every JDK. Read as a stream: what a stranger wrote builds no tree.
 */
final class GoldenJson {
    private static final int SCHEMA_VERSION = 1;
    private static final int MAX_TEXT = 8 << 20;

    private GoldenJson() {}

    static String write(GoldenSamples golden) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA_VERSION);
        json.addProperty(
                "tolerance",
                new BigDecimal(BigDecimal.valueOf(golden.tolerance())
                        .stripTrailingZeros()
                        .toPlainString()));
        JsonArray samples = new JsonArray();
        for (GoldenSample sample : golden.samples()) {
            JsonObject entry = new JsonObject();
            entry.addProperty("name", sample.name());
            entry.addProperty("picture", Base64.getEncoder().encodeToString(sample.picture()));
            entry.addProperty("tensorSha256", sample.tensorSha256());
            ByteBuffer logits =
                    ByteBuffer.allocate(sample.logits().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            logits.asFloatBuffer().put(sample.logits());
            entry.addProperty("logits", Base64.getEncoder().encodeToString(logits.array()));
            samples.add(entry);
        }
        json.add("samples", samples);
        return json.toString();
    }

    static GoldenSamples read(String text) {
        if (text.length() > MAX_TEXT) {
            throw invalid("more than " + MAX_TEXT + " characters", null);
        }
        try (JsonReader json = new JsonReader(new StringReader(text))) {
            return samples(json);
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw invalid(String.valueOf(e.getMessage()), e);
        }
    }

    private static GoldenSamples samples(JsonReader json) throws IOException {
        int schema = -1;
        double tolerance = Double.NaN;
        List<GoldenSample> samples = new ArrayList<>();
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "schema" -> schema = json.nextInt();
                case "tolerance" -> tolerance = json.nextDouble();
                case "samples" -> {
                    samples.clear();
                    json.beginArray();
                    while (json.hasNext()) {
                        if (samples.size() == GoldenSamples.MAX_SAMPLES) {
                            throw new IllegalArgumentException("more than " + GoldenSamples.MAX_SAMPLES + " samples");
                        }
                        samples.add(sample(json));
                    }
                    json.endArray();
                }
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (schema != SCHEMA_VERSION) {
            throw new IllegalArgumentException("schema " + schema);
        }
        return new GoldenSamples(tolerance, samples);
    }

    private static GoldenSample sample(JsonReader json) throws IOException {
        String name = "";
        String tensorSha256 = "";
        byte[] picture = new byte[0];
        byte[] logits = new byte[0];
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "name" -> name = json.nextString();
                case "picture" -> picture = Base64.getDecoder().decode(json.nextString());
                case "tensorSha256" -> tensorSha256 = json.nextString();
                case "logits" -> logits = Base64.getDecoder().decode(json.nextString());
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (logits.length % Float.BYTES != 0) {
            throw new IllegalArgumentException("logits of " + logits.length + " bytes");
        }
        float[] values = new float[logits.length / Float.BYTES];
        ByteBuffer.wrap(logits).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return new GoldenSample(name, picture, tensorSha256, values);
    }

    private static GlintException invalid(String found, @Nullable Exception cause) {
        GlintException failure = GlintException.failure(
                Reason.MODEL,
                "invalid golden samples (" + found + ")",
                "the JSON form of schema " + SCHEMA_VERSION,
                "write the model again with exporter export");
        return cause == null ? failure : failure.causedBy(cause);
    }
}
