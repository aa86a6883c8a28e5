package dev.glint.exporter.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.console.Text;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.folder.Variant.Tested;
import dev.glint.exporter.verify.Agreement;
import dev.glint.onnx.quantize.Decisions;
import dev.glint.runtime.model.ModelFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a job's result looks like, to people and to programs. */
final class ManifestReport {
    private static final String UNKNOWN = "-";
    private static final double MOSTLY = 0.5;

    private ManifestReport() {}

    /** A line per variant, and one that says what the accuracy was measured with. */
    static String table(Manifest manifest) {
        Optional<Variant> fp32 = manifest.variant(ModelFolder.FP32);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("variant", "bytes", "accuracy", "drop", "latency p50", "speed-up"));
        for (Variant variant : manifest.variants()) {
            rows.add(List.of(
                    variant.name(),
                    String.format(Locale.ROOT, "%,d", variant.sizeBytes()),
                    variant.tested()
                            .map(tested ->
                                    text("%.2f %%", 100 * tested.accuracy().share()))
                            .orElse(UNKNOWN),
                    fp32.flatMap(variant::dropPoints)
                            .map(drop -> text("%.2f points", drop))
                            .orElse(UNKNOWN),
                    text("%.1f us", variant.latency().p50Nanos() / 1000.0),
                    fp32.map(reference -> text("%.2fx", variant.speedUp(reference)))
                            .orElse(UNKNOWN)));
        }
        StringBuilder table = new StringBuilder();
        Text.table(rows).forEach(line -> table.append(line).append('\n'));
        manifest.variants()
                .forEach(variant -> variant.quantization()
                        .flatMap(Variant.Quantization::integers)
                        .ifPresent(integers -> table.append(integers(variant.name(), integers))));
        manifest.variants()
                .forEach(variant -> variant.quantization()
                        .ifPresent(quantization -> table.append(ranges(variant.name(), quantization))));
        manifest.variants().stream()
                .flatMap(variant -> variant.tested().stream())
                .map(Tested::testSet)
                .distinct()
                .forEach(name -> table.append("accuracy on ").append(name).append('\n'));
        manifest.variants()
                .forEach(variant -> variant.agreement()
                        .ifPresent(agreement -> table.append(variant.name())
                                .append(' ')
                                .append(agreement)
                                .append('\n')));
        table.append("runs by default: ")
                .append(manifest.byDefault().file())
                .append(", since ")
                .append(manifest.byDefault().reason())
                .append('\n');
        return table.append("latency of one picture with one thread on ")
                .append(manifest.host().cpu())
                .toString();
    }

    /** What runs in integers, and how many of the network's nodes do not, and why. */
    private static String integers(String name, Variant.Integers integers) {
        StringBuilder text = new StringBuilder(name + " in integers: " + integers.coverage() + "\n");
        integers.floatNodes()
                .forEach((reason, nodes) -> text.append(
                        String.format(Locale.ROOT, "%s in float: %d nodes, since %s\n", name, nodes.size(), reason)));
        if (integers.coverage().multiplyAdds().ratio() < MOSTLY) {
            text.append(name).append(" computes most in float: expect little speed of it\n");
        }
        return text.toString();
    }

    /** How ranges were found, and what that was chosen by. */
    private static String ranges(String name, Variant.Quantization quantization) {
        StringBuilder text = new StringBuilder(
                name + " ranges: " + quantization.calibration() + " of " + quantization.pictures() + " pictures");
        quantization
                .decisions()
                .map(Decisions::calibratorDecibels)
                .filter(tried -> tried.size() > 1)
                .ifPresent(tried -> text.append(", the nearest to fp32 on others (")
                        .append(tried.entrySet().stream()
                                .map(entry -> entry.getKey() + text(" %.1f dB", Agreement.bounded(entry.getValue())))
                                .collect(Collectors.joining(", ")))
                        .append(')'));
        return text.append('\n').toString();
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** One line: the manifest, with the folder that it stands in. */
    static JsonObject json(String schema, Path folder, Manifest manifest) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", schema);
        json.addProperty("model", folder.toString());
        json.add("manifest", JsonParser.parseString(manifest.toJson()));
        return json;
    }
}
