package dev.glint.runtime.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The order in which the nodes of a graph can be computed. */
final class NodeOrder {
    private NodeOrder() {}

    /**
     * The nodes, each behind those whose outputs it takes: mostly as they are in the file.
     *
     * @throws dev.glint.runtime.failure.GlintException ({@code MODEL}) if some wait for each other, or two give the same value
     */
    static List<OnnxNode> sorted(OnnxGraph graph) {
        Map<String, Integer> producers = new HashMap<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            for (String output : graph.nodes().get(i).outputs()) {
                if (!output.isEmpty() && producers.put(output, i) != null) {
                    throw Refusal.unacceptable("two nodes that give " + output, "one");
                }
            }
        }
        return isSorted(graph, producers) ? graph.nodes() : sorted(graph, producers);
    }

    /** Whether nodes stand behind those whose outputs they take, as the specification asks for. */
    private static boolean isSorted(OnnxGraph graph, Map<String, Integer> producers) {
        for (int i = 0; i < graph.nodes().size(); i++) {
            for (String input : graph.nodes().get(i).inputs()) {
                if (producers.getOrDefault(input, -1) >= i) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Kahn's algorithm: what can be computed is taken away, and nothing may be left. */
    private static List<OnnxNode> sorted(OnnxGraph graph, Map<String, Integer> producers) {
        int[] waiting = new int[graph.nodes().size()];
        Map<Integer, List<Integer>> consumers = new HashMap<>();
        Deque<Integer> ready = new ArrayDeque<>();
        for (int i = 0; i < waiting.length; i++) {
            for (String input : graph.nodes().get(i).inputs()) {
                Integer producer = producers.get(input);
                if (producer != null) {
                    waiting[i]++;
                    consumers
                            .computeIfAbsent(producer, none -> new ArrayList<>())
                            .add(i);
                }
            }
            if (waiting[i] == 0) {
                ready.add(i);
            }
        }
        List<OnnxNode> sorted = new ArrayList<>(waiting.length);
        while (!ready.isEmpty()) {
            int next = ready.remove();
            sorted.add(graph.nodes().get(next));
            for (int consumer : consumers.getOrDefault(next, List.of())) {
                waiting[consumer]--;
                if (waiting[consumer] == 0) {
                    ready.add(consumer);
                }
            }
        }
        if (sorted.size() < waiting.length) {
            throw Refusal.unacceptable("nodes that wait for each other", "a graph without cycles");
        }
        return sorted;
    }
}
