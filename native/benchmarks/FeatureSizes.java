import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each feature takes of the native binary, from the image builder's own count ({@code -H:DashboardDump}): machine code by the class
 * that it was compiled from, and objects in the image by their class. See {@code feature-sizes}.
 */
final class FeatureSizes {
    private static final String EVERYBODYS = "arrays, texts, descriptions of classes";

    /** Beginnings of class names; the longest that fits decides. */
    private static final Map<String, List<String>> FEATURES = new LinkedHashMap<>();

    static {
        FEATURES.put("command line", List.of("picocli.", "dev.glint.console.", "dev.glint.classify."));
        FEATURES.put("JSON", List.of("com.google.gson."));
        FEATURES.put("pictures", List.of("dev.glint.runtime.decode.", "dev.glint.runtime.image.", "java.util.zip."));
        FEATURES.put("contract and model files", List.of("dev.glint.runtime."));
        FEATURES.put("reader of ONNX files", List.of("dev.glint.runtime.onnx."));
        FEATURES.put("own engine", List.of("dev.glint.runtime.engine.glint.", "dev.glint.classify.kernels."));
        FEATURES.put("ONNX Runtime's binding", List.of("dev.glint.classify.ort."));
        FEATURES.put("serve", List.of("dev.glint.classify.serve.", "sun.net.httpserver.", "com.sun.net.httpserver."));
        FEATURES.put("metrics of serve", List.of("io.prometheus."));
        FEATURES.put("JDK: network", List.of("java.net.", "sun.net.", "jdk.internal.net.", "jdk.net."));
        FEATURES.put(
                "drift", List.of("dev.glint.runtime.drift.", "dev.glint.classify.DriftCommand", "dev.glint.classify.batch.Drift"));
        FEATURES.put("selftest", List.of("dev.glint.runtime.golden.", "dev.glint.classify.SelftestCommand"));
        FEATURES.put(
                "bench",
                List.of("dev.glint.runtime.evaluate.", "dev.glint.classify.bench.", "dev.glint.classify.BenchCommand",
                        "dev.glint.console.machine."));
        FEATURES.put(
                "folders, workers, streams",
                List.of("dev.glint.classify.batch.", "dev.glint.classify.frames.", "dev.glint.runtime.frame."));
        FEATURES.put("JDK: files and channels", List.of("java.nio.", "sun.nio.", "java.io."));
        FEATURES.put("JDK: regular expressions", List.of("java.util.regex."));
        FEATURES.put("JDK: streams", List.of("java.util.stream."));
        FEATURES.put(
                "JDK: dates, numbers and languages as text",
                List.of("java.time.", "java.text.", "sun.util.", "java.util.Formatter", "java.util.Locale", "java.util.Calendar"));
        FEATURES.put("JDK: hashes and security", List.of("java.security.", "sun.security.", "javax.crypto.", "com.sun.crypto."));
        FEATURES.put("JDK: threads", List.of("java.util.concurrent.", "java.lang.Thread", "jdk.internal.vm."));
        FEATURES.put("JDK: reflection and method handles", List.of("java.lang.invoke.", "java.lang.reflect.", "sun.invoke."));
        FEATURES.put(EVERYBODYS, List.of("java.lang.String", "java.lang.Class", "com.oracle.svm.core.hub."));
        FEATURES.put("JDK: the rest", List.of("java.", "jdk.", "sun.", "javax.", "com.sun."));
        FEATURES.put("virtual machine: memory, threads, start", List.of("com.oracle.svm.", "org.graalvm.", "jdk.graal."));
    }

    private FeatureSizes() {}

    /** Prints the table. Arguments: the dump, the binary. */
    public static void main(String[] arguments) throws IOException {
        JsonObject dump = JsonParser.parseString(Files.readString(Path.of(arguments[0]))).getAsJsonObject();
        Map<String, long[]> sizes = new TreeMap<>();
        count(dump.getAsJsonObject("code-breakdown").getAsJsonArray("code-size"), 0, sizes);
        count(dump.getAsJsonObject("heap-breakdown").getAsJsonArray("heap-size"), 1, sizes);
        long[] sums = new long[2];
        System.out.println("| feature | code | objects |");
        System.out.println("|---|---|---|");
        sizes.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, long[]> e) -> -e.getValue()[0] - e.getValue()[1]))
                .forEach(e -> {
                    sums[0] += e.getValue()[0];
                    sums[1] += e.getValue()[1];
                    row(e.getKey(), e.getValue()[0], e.getValue()[1]);
                });
        row("sum", sums[0], sums[1]);
        System.out.printf(Locale.ROOT, "%nThe binary has %,d bytes.%n", Files.size(Path.of(arguments[1])));
    }

    private static void row(String name, long code, long objects) {
        System.out.printf(Locale.ROOT, "| %s | %,d | %,d |%n", name, code, objects);
    }

    private static void count(JsonArray entries, int column, Map<String, long[]> sizes) {
        for (JsonElement element : entries) {
            JsonObject entry = element.getAsJsonObject();
            String feature = feature(className(entry.get("name").getAsString()));
            sizes.computeIfAbsent(feature, none -> new long[2])[column] += entry.get("size").getAsLong();
        }
    }

    /** Of a method, {@code a.B.method(...) ...}, or of a type, {@code La/B;}; an array stays as it is. */
    private static String className(String name) {
        int parameters = name.indexOf('(');
        if (parameters >= 0) {
            return name.substring(0, name.lastIndexOf('.', parameters));
        }
        return name.startsWith("L") ? name.substring(1, name.length() - 1).replace('/', '.') : name;
    }

    /** What belongs to no feature is everybody's: arrays, and in the image texts and what describes classes. */
    private static String feature(String className) {
        String best = EVERYBODYS;
        int length = 0;
        for (Map.Entry<String, List<String>> feature : FEATURES.entrySet()) {
            for (String beginning : feature.getValue()) {
                if (className.startsWith(beginning) && beginning.length() > length) {
                    best = feature.getKey();
                    length = beginning.length();
                }
            }
        }
        return best;
    }
}
