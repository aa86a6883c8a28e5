package dev.glint.onnx.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that an ONNX file holds.
 *
 * @param graph the computation
 * @param producerName who wrote it
 * @param producerVersion which version of it
 * @param opsets the version of each operator set by domain; ONNX's own has an empty domain
 * @param metadata text by key, in its order
 */
public record OnnxModel(
        Graph graph,
        String producerName,
        String producerVersion,
        SortedMap<String, Long> opsets,
        Map<String, String> metadata) {

    /** The operator set that Glint writes. */
    public static final long OPSET = 17;

    public OnnxModel {
        opsets = Collections.unmodifiableSortedMap(new TreeMap<>(opsets));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** A model as this version of Glint writes it. */
    public static OnnxModel fromGraph(Graph graph, Map<String, String> metadata) {
        return new OnnxModel(graph, Producer.NAME, Producer.version(), new TreeMap<>(Map.of("", OPSET)), metadata);
    }

    /** The same model with a text of its metadata set, behind the others if it is a new one. */
    public OnnxModel withMetadata(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(metadata);
        more.put(key, value);
        return new OnnxModel(graph, producerName, producerVersion, opsets, more);
    }

    /** The same model with another graph. */
    public OnnxModel withGraph(Graph newGraph) {
        return new OnnxModel(newGraph, producerName, producerVersion, opsets, metadata);
    }
}
