package dev.glint.exporter.job;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.glint.console.Suggestion;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which nodes of a model may become integers, as somebody asked.
 *
 * @param exclude nodes that stay in float: names, or operators as {@code op:Add}
 * @param include the only nodes that may become integers; empty for all
 * @param overrides a JSON file: {@code {"nodes": {NAME: "float" or "integer"}, "ranges": {VALUE: [min, max]}}}; a node that is
 *     to be integer is not put back to float by a search, a value with a range is not calibrated
 */
public record NodeChoice(List<String> exclude, List<String> include, Optional<Path> overrides) {
    private static final String OPERATOR = "op:";
    private static final String NODES = "nodes";
    private static final String RANGES = "ranges";
    private static final long MAX_BYTES = 1 << 24;

    public NodeChoice {
        exclude = List.copyOf(exclude);
        include = List.copyOf(include);
    }

    /** Nothing in particular. */
    public static NodeChoice all() {
        return new NodeChoice(List.of(), List.of(), Optional.empty());
    }

    /**
     * What was asked, for one model.
     *
     * @param floatNodes the names of nodes that stay in float
     * @param integerNodes the names of nodes that no search puts back to float
     * @param ranges of values that are not calibrated
     */
    record Resolved(Map<String, FloatReason> floatNodes, Set<String> integerNodes, Map<String, Range> ranges) {}

    /**
     * Finds the nodes in a graph.
     *
     * @throws GlintException ({@code USAGE}) for a name or operator that the graph does not have, ({@code INPUT}) for a file
     *     that is not as it should be
     */
    Resolved resolve(Graph graph) {
        Map<String, FloatReason> floats = new LinkedHashMap<>();
        if (!include.isEmpty()) {
            Set<String> included = found(include, "--include", graph);
            graph.nodes().stream()
                    .map(Node::name)
                    .filter(name -> !included.contains(name))
                    .forEach(name -> floats.put(name, FloatReason.EXCLUDED));
        }
        found(exclude, "--exclude", graph).forEach(name -> floats.put(name, FloatReason.EXCLUDED));
        Resolved resolved = new Resolved(floats, new LinkedHashSet<>(), new LinkedHashMap<>());
        overrides.ifPresent(file -> {
            try {
                read(file, graph, resolved);
            } catch (GlintException e) {
                throw e.about(file);
            }
        });
        return resolved;
    }

    private static Set<String> found(List<String> wanted, String option, Graph graph) {
        Set<String> names = new LinkedHashSet<>();
        for (String word : wanted) {
            boolean operator = word.startsWith(OPERATOR);
            List<String> matching = graph.nodes().stream()
                    .filter(node ->
                            operator ? word.substring(OPERATOR.length()).equals(node.op()) : word.equals(node.name()))
                    .map(Node::name)
                    .toList();
            if (matching.isEmpty()) {
                throw unknown(word, graph).about(option);
            }
            names.addAll(matching);
        }
        return names;
    }

    private static GlintException unknown(String word, Graph graph) {
        Set<String> known = graph.nodes().stream().map(Node::name).collect(Collectors.toCollection(LinkedHashSet::new));
        graph.nodes().forEach(node -> known.add(OPERATOR + node.op()));
        return GlintException.failure(
                Reason.USAGE,
                "'" + word + "'",
                "a node of the model, or an operator such as op:Add",
                Suggestion.remedy(word, known, "exporter inspect lists the nodes"));
    }

    private static void read(Path file, Graph graph, Resolved resolved) {
        JsonObject json = parse(file);
        for (Map.Entry<String, JsonElement> part : json.entrySet()) {
            for (Map.Entry<String, JsonElement> entry : object(part).entrySet()) {
                switch (part.getKey()) {
                    case NODES -> setNode(entry, graph, resolved);
                    case RANGES -> setRange(entry, graph, resolved);
                    default ->
                        throw bad(
                                "the field '" + part.getKey() + "'",
                                "'" + NODES + "' or '" + RANGES + "'",
                                Suggestion.remedy(part.getKey(), List.of(NODES, RANGES), "correct it"));
                }
            }
        }
    }

    private static JsonObject parse(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw bad("a file of " + Files.size(file) + " bytes", "16 MiB at most", "name another file");
            }
            JsonElement json = JsonParser.parseString(Files.readString(file));
            if (json.isJsonObject()) {
                return json.getAsJsonObject();
            }
            throw bad("no JSON object", "an object with nodes or ranges", "correct it");
        } catch (IOException | JsonParseException | StackOverflowError e) {
            throw bad("no JSON that can be read (" + e.getClass().getSimpleName() + ")", "a JSON file", "correct it");
        }
    }

    private static JsonObject object(Map.Entry<String, JsonElement> entry) {
        if (!entry.getValue().isJsonObject()) {
            throw bad("'" + entry.getKey() + "' that is no object", "an object", "correct it");
        }
        return entry.getValue().getAsJsonObject();
    }

    private static void setNode(Map.Entry<String, JsonElement> entry, Graph graph, Resolved resolved) {
        String name = entry.getKey();
        if (graph.nodes().stream().noneMatch(node -> node.name().equals(name))) {
            throw unknown(name, graph);
        }
        String type = entry.getValue().isJsonPrimitive() ? entry.getValue().getAsString() : "";
        switch (type) {
            case "float" -> resolved.floatNodes().put(name, FloatReason.EXCLUDED);
            case "integer" -> {
                resolved.floatNodes().remove(name);
                resolved.integerNodes().add(name);
            }
            default -> throw bad("'" + type + "' for " + name, "'float' or 'integer'", "correct it");
        }
    }

    private static void setRange(Map.Entry<String, JsonElement> entry, Graph graph, Resolved resolved) {
        Set<String> values = new LinkedHashSet<>();
        graph.inputs().forEach(input -> values.add(input.name()));
        graph.nodes().forEach(node -> values.addAll(node.outputs()));
        String name = entry.getKey();
        if (!values.contains(name)) {
            throw bad(
                    "'" + name + "'",
                    "a value that a node makes",
                    Suggestion.remedy(name, values, "exporter inspect lists them"));
        }
        try {
            List<JsonElement> bounds = entry.getValue().getAsJsonArray().asList();
            if (bounds.size() == 2) {
                resolved.ranges()
                        .put(
                                name,
                                new Range(
                                        bounds.get(0).getAsFloat(),
                                        bounds.get(1).getAsFloat()));
                return;
            }
        } catch (IllegalStateException | IllegalArgumentException | UnsupportedOperationException e) {
            // Said below.
        }
        throw bad("the range " + entry.getValue() + " of " + name, "[min, max], finite", "correct it");
    }

    private static GlintException bad(String found, String expected, String remedy) {
        return GlintException.failure(Reason.INPUT, found, expected, remedy);
    }
}
