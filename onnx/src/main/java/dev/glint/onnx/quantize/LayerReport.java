package dev.glint.onnx.quantize;

import dev.glint.onnx.quantize.plan.FloatReason;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What quantisation does to one node of a network. Signal to noise is ten times the decimal logarithm of the sum of squares
 * over that of the errors, in decibels.
 *
 * @param name of the node
 * @param operator as {@code Conv}
 * @param weightDecibels of its weights as they are written; empty for a node without, or in float
 * @param activationDecibels of what it makes, rounded once, on calibration pictures; empty where nothing is rounded
 * @param aloneDecibels of the logits on held-out pictures if of all layers only this one is quantised, without corrections:
 *     the lowest costs most; empty for a node without weights, or where nobody asked
 * @param floatReason why it stays in float; empty if it is computed in integers
 */
public record LayerReport(
        String name,
        String operator,
        OptionalDouble weightDecibels,
        OptionalDouble activationDecibels,
        OptionalDouble aloneDecibels,
        Optional<FloatReason> floatReason) {}
