package dev.glint.runtime.engine;

import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.onnx.ElementKind;
import dev.glint.runtime.onnx.OnnxGraph;
import dev.glint.runtime.onnx.ValueInfo;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a model takes and gives: one input of pictures, and one output (N, labels) of 32-bit floats.
 *
 * @param inputName the input's name
 * @param outputName the output's name
 * @param elementType the element type of the input
 * @param layout the order of the input's dimensions
 * @param channels C
 * @param height H
 * @param width W
 * @param labels values of the output per picture
 * @param anyBatch whether N is free; otherwise it is 1
 */
public record Signature(
        String inputName,
        String outputName,
        ElementType elementType,
        Layout layout,
        int channels,
        int height,
        int width,
        int labels,
        boolean anyBatch) {
    private static final long FREE = -1;

    /** The shape of the input for so many pictures: (N, C, H, W) or (N, H, W, C). */
    public long[] inputShape(int batch) {
        return layout == Layout.NCHW
                ? new long[] {batch, channels, height, width}
                : new long[] {batch, height, width, channels};
    }

    /** Values of the input per picture. */
    public int inputSize() {
        return Math.multiplyExact(channels, Math.multiplyExact(height, width));
    }

    /**
     * Compares a graph with the contract that its model carries.
     *
     * @throws GlintException ({@code MODEL}) if they do not fit
     */
    public static Signature check(OnnxGraph graph, PreprocessContract contract) {
        List<ValueInfo> inputs = graph.inputs();
        if (inputs.size() != 1 || !inputs.get(0).name().equals(contract.inputName())) {
            throw misfit("the inputs " + names(inputs), "one named " + contract.inputName());
        }
        ElementKind kind = contract.elementType() == ElementType.UINT8 ? ElementKind.UINT8 : ElementKind.FLOAT;
        require("input", inputs.get(0), kind, contract.shape());
        List<ValueInfo> outputs = graph.outputs();
        if (outputs.size() != 1) {
            throw misfit("the outputs " + names(outputs), "one, a value per label");
        }
        require(
                "output",
                outputs.get(0),
                ElementKind.FLOAT,
                List.of(contract.labels().size()));
        return new Signature(
                inputs.get(0).name(),
                outputs.get(0).name(),
                contract.elementType(),
                contract.layout(),
                contract.channels(),
                contract.height(),
                contract.width(),
                contract.labels().size(),
                freeBatch(inputs.get(0)) && freeBatch(outputs.get(0)));
    }

    /** Any fixed or free batch size N before the others will do, as long as it lets one picture through. */
    private static void require(String role, ValueInfo value, ElementKind kind, List<Integer> sizes) {
        String what = role + " " + value.name();
        ElementKind found = value.elements().orElse(null);
        if (found == null) {
            throw misfit("no tensor as " + what, expected(kind, sizes));
        }
        if (found != kind) {
            throw misfit(what + " of type " + found.name().toLowerCase(Locale.ROOT), expected(kind, sizes));
        }
        List<Long> shape = value.shape().orElse(null);
        if (shape == null) {
            throw misfit(what + " of no stated shape", expected(kind, sizes));
        }
        boolean fits = shape.size() == sizes.size() + 1 && (shape.get(0) == FREE || shape.get(0) == 1);
        for (int i = 1; fits && i < shape.size(); i++) {
            fits = shape.get(i) == (long) sizes.get(i - 1);
        }
        if (!fits) {
            throw misfit(what + " of shape " + shape, expected(kind, sizes));
        }
    }

    private static String expected(ElementKind kind, List<Integer> sizes) {
        return (kind == ElementKind.FLOAT ? "32-bit floats" : "8-bit unsigned integers") + " of shape "
                + sizes.stream().map(Object::toString).collect(Collectors.joining(", ", "[N, ", "]"));
    }

    private static boolean freeBatch(ValueInfo value) {
        return value.shape().orElseThrow().get(0) == FREE;
    }

    private static List<String> names(List<ValueInfo> values) {
        return values.stream().map(ValueInfo::name).toList();
    }

    private static GlintException misfit(String found, String expected) {
        return GlintException.failure(
                Reason.MODEL, found, expected + ", as the contract says", "write the model again with exporter export");
    }
}
