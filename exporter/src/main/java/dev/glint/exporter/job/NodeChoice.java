package dev.glint.exporter.job;

import dev.glint.console.Suggestion;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.PlanOverrides;
import dev.glint.onnx.quantize.plan.SchemeChanges;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.TextFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which nodes of a model may become integers, as somebody asked.
 *
 * @param exclude nodes that stay in float: names, or operators as {@code op:Add}
 * @param include the only nodes that may become integers; empty for all
 * @param overrides a JSON file, as {@link PlanOverrides} reads it, such as {@code {"nodes": {NAME: "float"}, "ranges": {VALUE:
 *     [min, max]}}}; a node that is to be integer is not put back to float by a search, a value with a range is not calibrated
 */
public record NodeChoice(List<String> exclude, List<String> include, Optional<Path> overrides) {
    private static final String OPERATOR = "op:";

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
     * @param schemes of the tensors that do not follow the profile
     * @param ranges of values that are not calibrated
     */
    record Resolved(
            Map<String, FloatReason> floatNodes,
            Set<String> integerNodes,
            SchemeChanges schemes,
            Map<String, Range> ranges) {}

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
        if (overrides.isEmpty()) {
            return new Resolved(floats, Set.of(), SchemeChanges.NONE, Map.of());
        }
        String json = TextFile.read(
                overrides.get(), Reason.INPUT, "a JSON file of overrides, as exporter quantize --help says");
        try {
            return overridden(PlanOverrides.read(json), floats, graph);
        } catch (GlintException e) {
            throw e.about(overrides.get());
        }
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

    private static Resolved overridden(PlanOverrides wanted, Map<String, FloatReason> floats, Graph graph) {
        Set<String> integers = new LinkedHashSet<>();
        wanted.nodes().forEach((name, reason) -> {
            requireNode(name, graph);
            if (reason.isPresent()) {
                floats.put(name, reason.get());
            } else {
                floats.remove(name);
                integers.add(name);
            }
        });
        Set<String> values = new LinkedHashSet<>();
        graph.inputs().forEach(input -> values.add(input.name()));
        graph.nodes().forEach(node -> values.addAll(node.outputs()));
        Stream.concat(wanted.ranges().keySet().stream(), wanted.schemes().activations().keySet().stream())
                .forEach(name -> requireValue(name, values));
        wanted.schemes().weights().keySet().forEach(name -> requireNode(name, graph));
        return new Resolved(floats, integers, wanted.schemes(), wanted.ranges());
    }

    private static void requireNode(String name, Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> node.name().equals(name))) {
            throw unknown(name, graph);
        }
    }

    private static void requireValue(String name, Set<String> values) {
        if (!values.contains(name)) {
            throw bad(
                    "'" + name + "'",
                    "a value that a node makes",
                    Suggestion.remedy(name, values, "exporter quantize --plan FILE lists them"));
        }
    }

    private static GlintException bad(String found, String expected, String remedy) {
        return GlintException.failure(Reason.INPUT, found, expected, remedy);
    }
}
