package dev.glint.runtime.drift;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON forms of profiles: alone in a model, and the pair of a {@link DriftFile}. Read as streams, which build no tree. */
final class DriftJson {
    static final int MAX_TEXT = 4 << 20;
    private static final int SCHEMA_VERSION = 1;
    private static final String FILE_SCHEMA = "glint.drift/1";
    private static final int MAX_BINS = 100_000;
    private static final int MAX_CHANNELS = 16;

    private DriftJson() {}

    static String baseline(DriftProfile profile) {
        return text(json -> {
            json.beginObject();
            json.name("schema").value(SCHEMA_VERSION);
            fields(json, profile);
            json.endObject();
        });
    }

    static String file(DriftFile.Content content) {
        return text(json -> {
                    json.beginObject();
                    json.name("schema").value(FILE_SCHEMA);
                    json.name("baseline").beginObject();
                    fields(json, content.baseline());
                    json.endObject().name("seen").beginObject();
                    fields(json, content.seen());
                    json.endObject().endObject();
                })
                + "\n";
    }

    private static void fields(JsonWriter json, DriftProfile profile) throws IOException {
        json.name("pictures").value(profile.pictures());
        json.name("topProbability");
        counts(json, profile.topProbability());
        json.name("entropy");
        counts(json, profile.entropy());
        json.name("classes");
        counts(json, profile.classes());
        json.name("channelMeans").beginArray();
        for (Histogram channel : profile.channelMeans()) {
            counts(json, channel);
        }
        json.endArray();
    }

    private static void counts(JsonWriter json, Histogram histogram) throws IOException {
        json.beginArray();
        for (long count : histogram.counts()) {
            json.value(count);
        }
        json.endArray();
    }

    private interface Content {
        void writeTo(JsonWriter json) throws IOException;
    }

    private static String text(Content content) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            content.writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /**
     * Reads what {@link #baseline} writes.
     *
     * @throws GlintException ({@code MODEL}) if it is anything else
     */
    static DriftProfile readBaseline(String text) {
        return parse(
                text,
                Reason.MODEL,
                "an invalid drift baseline",
                "export or quantise the model again",
                new BaselineParser());
    }

    /**
     * Reads what {@link #file} writes.
     *
     * @throws GlintException ({@code INPUT}) if it is anything else
     */
    static DriftFile.Content readFile(String text) {
        return parse(
                text,
                Reason.INPUT,
                "no drift file",
                "name one that classify --drift has written, or a new one",
                new ContentParser());
    }

    private interface Parser<T> {
        T parse(JsonReader json) throws IOException;
    }

    // Classes, because the builder of a native image refuses to keep lambdas of interfaces that are not the JDK's.

    private static final class BaselineParser implements Parser<DriftProfile> {
        @Override
        public DriftProfile parse(JsonReader json) throws IOException {
            return profile(json, true);
        }
    }

    private static final class ContentParser implements Parser<DriftFile.Content> {
        @Override
        public DriftFile.Content parse(JsonReader json) throws IOException {
            return content(json);
        }
    }

    private static <T> T parse(String text, Reason reason, String found, String remedy, Parser<T> parser) {
        try (JsonReader json = new JsonReader(new StringReader(text))) {
            if (text.length() > MAX_TEXT) {
                throw new IllegalArgumentException("more than " + MAX_TEXT + " characters");
            }
            return parser.parse(json);
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw GlintException.failure(
                            reason, found + " (" + e.getMessage() + ")", "its JSON form of schema 1", remedy)
                    .causedBy(e);
        }
    }

    private static DriftFile.Content content(JsonReader json) throws IOException {
        String schema = "none";
        DriftProfile baseline = null;
        DriftProfile seen = null;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "schema" -> schema = json.nextString();
                case "baseline" -> baseline = profile(json, false);
                case "seen" -> seen = profile(json, false);
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (!schema.equals(FILE_SCHEMA)) {
            throw new IllegalArgumentException("schema " + schema);
        }
        return new DriftFile.Content(present(baseline, "baseline"), present(seen, "seen"));
    }

    private static DriftProfile profile(JsonReader json, boolean versioned) throws IOException {
        int schema = -1;
        Histogram topProbability = null;
        Histogram entropy = null;
        Histogram classes = null;
        List<Histogram> means = new ArrayList<>();
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "schema" -> schema = json.nextInt();
                case "topProbability" -> topProbability = histogram(json);
                case "entropy" -> entropy = histogram(json);
                case "classes" -> classes = histogram(json);
                case "channelMeans" -> means = means(json);
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (versioned && schema != SCHEMA_VERSION) {
            throw new IllegalArgumentException("schema " + schema);
        }
        return new DriftProfile(
                present(topProbability, "topProbability"),
                present(entropy, "entropy"),
                present(classes, "classes"),
                means);
    }

    private static List<Histogram> means(JsonReader json) throws IOException {
        List<Histogram> means = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            if (means.size() == MAX_CHANNELS) {
                throw new IllegalArgumentException("more than " + MAX_CHANNELS + " channels");
            }
            means.add(histogram(json));
        }
        json.endArray();
        return means;
    }

    private static Histogram histogram(JsonReader json) throws IOException {
        List<Long> counts = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            if (counts.size() == MAX_BINS) {
                throw new IllegalArgumentException("more than " + MAX_BINS + " bins");
            }
            counts.add(json.nextLong());
        }
        json.endArray();
        return new Histogram(counts);
    }

    private static <T> T present(@Nullable T value, String name) {
        return Optional.ofNullable(value).orElseThrow(() -> new IllegalArgumentException("no field " + name));
    }
}
