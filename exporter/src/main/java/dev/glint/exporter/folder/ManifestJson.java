package dev.glint.exporter.folder;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.glint.exporter.folder.Variant.Quantization;
import dev.glint.exporter.folder.Variant.Tested;
import dev.glint.exporter.verify.Agreement;
import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.ModelFolder;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The JSON form of a {@link Manifest}: every field is always there, in this order; what is not known is null. */
final class ManifestJson {
    private static final int DIGITS = 6;

    private ManifestJson() {}

    static String write(Manifest manifest) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", Manifest.SCHEMA);
        json.addProperty("glint", manifest.glint());
        json.add("host", host(manifest.host()));
        json.addProperty("default", manifest.byDefault().file());
        json.addProperty("defaultReason", manifest.byDefault().reason());
        JsonArray variants = new JsonArray();
        Optional<Variant> fp32 = manifest.variant(ModelFolder.FP32);
        manifest.variants().forEach(variant -> variants.add(variant(variant, fp32)));
        json.add("variants", variants);
        manifest.origin().ifPresent(origin -> json.add("origin", origin.toJson()));
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .serializeNulls()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(json)
                + "\n";
    }

    private static JsonObject host(Host host) {
        JsonObject json = new JsonObject();
        json.addProperty("cpu", host.cpu());
        json.addProperty("processors", host.processors());
        json.addProperty("os", host.os());
        json.addProperty("java", host.java());
        json.addProperty("onnxRuntime", host.onnxRuntime());
        return json;
    }

    private static JsonObject variant(Variant variant, Optional<Variant> fp32) {
        JsonObject json = new JsonObject();
        json.addProperty("name", variant.name());
        json.addProperty("file", variant.file());
        json.addProperty("sha256", variant.sha256());
        json.addProperty("bytes", variant.sizeBytes());
        json.add(
                "quantization",
                variant.quantization().map(ManifestJson::quantization).orElse(null));
        json.add("accuracy", variant.tested().map(ManifestJson::tested).orElse(null));
        json.addProperty(
                "dropPoints",
                fp32.flatMap(variant::dropPoints).map(ManifestJson::rounded).orElse(null));
        json.add("agreement", variant.agreement().map(ManifestJson::agreement).orElse(null));
        json.add("latency", latency(variant.latency()));
        json.addProperty(
                "speedUp", fp32.map(variant::speedUp).map(ManifestJson::rounded).orElse(null));
        return json;
    }

    private static JsonObject quantization(Quantization quantization) {
        JsonObject json = new JsonObject();
        json.addProperty("scheme", quantization.scheme());
        json.addProperty("calibration", quantization.calibration());
        json.addProperty("source", quantization.source());
        json.addProperty("pictures", quantization.pictures());
        json.addProperty("seed", quantization.seed());
        json.addProperty("head", quantization.head());
        quantization.integers().ifPresent(integers -> json.add("integers", IntegersJson.write(integers)));
        quantization.decisions().ifPresent(decisions -> json.add("decisions", DecisionsJson.write(decisions)));
        return json;
    }

    private static JsonObject tested(Tested tested) {
        JsonObject json = new JsonObject();
        json.addProperty("testSet", tested.testSet());
        tested.testSetSha256().ifPresent(sha256 -> json.addProperty("testSetSha256", sha256));
        json.addProperty("pictures", tested.accuracy().pictures());
        json.addProperty("correct", tested.accuracy().correct());
        json.addProperty("share", rounded(tested.accuracy().share()));
        return json;
    }

    private static JsonObject agreement(Agreement agreement) {
        JsonObject json = new JsonObject();
        json.addProperty("pictures", agreement.pictures());
        json.addProperty("source", agreement.source());
        json.addProperty("agreeing", agreement.agreeing());
        json.addProperty("signalToNoiseDecibels", rounded(agreement.signalToNoiseDecibels()));
        return json;
    }

    private static JsonObject latency(Latency latency) {
        JsonObject json = new JsonObject();
        json.addProperty("threads", 1);
        json.addProperty("runs", latency.runs());
        json.addProperty("p50Nanos", latency.p50Nanos());
        json.addProperty("p95Nanos", latency.p95Nanos());
        json.addProperty("p99Nanos", latency.p99Nanos());
        return json;
    }

    /** Doubles print differently from one JDK to the next; decimals do not. */
    static BigDecimal rounded(double value) {
        BigDecimal decimal = BigDecimal.valueOf(value).setScale(DIGITS, RoundingMode.HALF_EVEN);
        return decimal.signum() == 0
                ? BigDecimal.ZERO
                : new BigDecimal(decimal.stripTrailingZeros().toPlainString());
    }

    static Manifest read(String text) {
        try {
            JsonObject json = JsonParser.parseString(text).getAsJsonObject();
            String schema = string(json, "schema");
            if (!schema.equals(Manifest.SCHEMA)) {
                throw new IllegalArgumentException("schema " + schema);
            }
            JsonObject host = field(json, "host").getAsJsonObject();
            List<Variant> variants = new ArrayList<>();
            for (JsonElement variant : field(json, "variants").getAsJsonArray()) {
                variants.add(readVariant(variant.getAsJsonObject()));
            }
            return new Manifest(
                    string(json, "glint"),
                    new Host(
                            string(host, "cpu"),
                            field(host, "processors").getAsInt(),
                            string(host, "os"),
                            string(host, "java"),
                            string(host, "onnxRuntime")),
                    byDefault(json, variants),
                    variants,
                    json.has("origin") ? optional(json, "origin").map(OriginJson::read) : Optional.empty());
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "an invalid manifest (" + e.getMessage() + ")",
                            Manifest.SCHEMA,
                            "export the model again")
                    .causedBy(e);
        }
    }

    /** Manifests of older builds name none; then it is the one that {@code ModelFolder} selects. */
    private static DefaultVariant byDefault(JsonObject json, List<Variant> variants) {
        if (json.has("default")) {
            return new DefaultVariant(string(json, "default"), string(json, "defaultReason"));
        }
        boolean small = variants.stream().anyMatch(variant -> variant.file().equals(ModelFolder.INT8));
        return new DefaultVariant(small ? ModelFolder.INT8 : ModelFolder.FP32, "the manifest did not say");
    }

    private static Variant readVariant(JsonObject json) {
        JsonObject latency = field(json, "latency").getAsJsonObject();
        return new Variant(
                string(json, "file"),
                string(json, "sha256"),
                field(json, "bytes").getAsLong(),
                optional(json, "quantization")
                        .map(q -> new Quantization(
                                string(q, "scheme"),
                                string(q, "calibration"),
                                string(q, "source"),
                                field(q, "pictures").getAsInt(),
                                field(q, "seed").getAsLong(),
                                string(q, "head"),
                                Optional.ofNullable(q.get("integers")).map(i -> IntegersJson.read(i.getAsJsonObject())),
                                Optional.ofNullable(q.get("decisions"))
                                        .map(d -> DecisionsJson.read(d.getAsJsonObject())))),
                optional(json, "accuracy")
                        .map(a -> new Tested(
                                string(a, "testSet"),
                                Optional.ofNullable(a.get("testSetSha256")).map(JsonElement::getAsString),
                                new Accuracy(
                                        field(a, "correct").getAsInt(),
                                        field(a, "pictures").getAsInt()))),
                json.has("agreement") ? optional(json, "agreement").map(ManifestJson::readAgreement) : Optional.empty(),
                new Latency(
                        field(latency, "runs").getAsInt(),
                        field(latency, "p50Nanos").getAsLong(),
                        field(latency, "p95Nanos").getAsLong(),
                        field(latency, "p99Nanos").getAsLong()));
    }

    private static Agreement readAgreement(JsonObject json) {
        return new Agreement(
                field(json, "pictures").getAsInt(),
                string(json, "source"),
                field(json, "agreeing").getAsInt(),
                number(json, "signalToNoiseDecibels"));
    }

    private static Optional<JsonObject> optional(JsonObject json, String name) {
        JsonElement value = field(json, name);
        return value.isJsonNull() ? Optional.empty() : Optional.of(value.getAsJsonObject());
    }

    /** A finite number. */
    static double number(JsonObject json, String name) {
        return number(name, field(json, name));
    }

    static double number(String name, JsonElement value) {
        double number = value.getAsDouble();
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(name + " " + value);
        }
        return number;
    }

    static String string(JsonObject json, String name) {
        return field(json, name).getAsString();
    }

    static JsonElement field(JsonObject json, String name) {
        JsonElement value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no field " + name);
        }
        return value;
    }
}
