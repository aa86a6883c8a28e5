package dev.glint.onnx.normalize;

/**
 * A rule that changed a graph.
 *
 * @param name what it is called
 * @param times how often it did
 */
public record AppliedRule(String name, int times) {}
