package dev.glint.onnx.graph;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Hands out names of nodes and values that nothing has yet: {@code base}, {@code base_2}, {@code base_3} and so on. */
public final class FreshNames {
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> counts = new HashMap<>();

    /** Names that differ from all nodes and values of a graph. */
    public static FreshNames avoiding(Graph graph) {
        FreshNames names = new FreshNames();
        names.reserve(graph.initializers().keySet());
        names.reserve(graph.inputs().stream().map(ValueInfo::name).toList());
        names.reserve(graph.outputs().stream().map(ValueInfo::name).toList());
        for (Node node : graph.nodes()) {
            names.taken.add(node.name());
            names.reserve(node.outputs());
        }
        return names;
    }

    /** Keeps names from being handed out; they may be taken already. */
    public void reserve(Collection<String> names) {
        taken.addAll(names);
    }

    /** A name that was neither reserved nor handed out before: the base itself, or with the first free number behind it. */
    public String allocate(String base) {
        String name = base;
        while (!taken.add(name)) {
            name = base + "_" + counts.merge(base, 2, (count, first) -> count + 1);
        }
        return name;
    }
}
