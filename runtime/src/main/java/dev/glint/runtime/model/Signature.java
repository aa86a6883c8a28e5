package dev.glint.runtime.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a model takes and gives: one input (N, C, H, W) and one output (N, labels), both of 32-bit floats.
 *
 * @param inputName its name
 * @param outputName its name
 */
record Signature(String inputName, String outputName) {
    /** What ONNX Runtime gives for a size that is not fixed. */
    private static final long FREE = -1;

    /**
     * Compares a session with the contract that its model carries.
     *
     * @throws GlintException ({@code MODEL}) if they do not fit
     */
    static Signature check(OrtSession session, PreprocessContract contract) throws OrtException {
        Collection<NodeInfo> inputs = session.getInputInfo().values();
        NodeInfo input = session.getInputInfo().get(contract.inputName());
        if (input == null || inputs.size() != 1) {
            throw misfit("the inputs " + names(inputs), "one named " + contract.inputName());
        }
        requireFloats("input " + input.getName(), input, contract.channels(), contract.height(), contract.width());
        Collection<NodeInfo> outputs = session.getOutputInfo().values();
        if (outputs.size() != 1) {
            throw misfit("the outputs " + names(outputs), "one, the logits");
        }
        NodeInfo output = outputs.iterator().next();
        requireFloats("output " + output.getName(), output, contract.labels().size());
        return new Signature(input.getName(), output.getName());
    }

    /** Any fixed or free batch size N before the others will do, as long as it lets one picture through. */
    private static void requireFloats(String what, NodeInfo info, long... sizes) {
        String expected = "32-bit floats of shape "
                + Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining(", ", "[N, ", "]"));
        if (!(info.getInfo() instanceof TensorInfo tensor)) {
            throw misfit("no tensor as " + what, expected);
        }
        if (tensor.type != OnnxJavaType.FLOAT) {
            throw misfit(what + " of type " + tensor.type.name().toLowerCase(Locale.ROOT), expected);
        }
        long[] shape = tensor.getShape();
        boolean fits = shape.length == sizes.length + 1 && (shape[0] == FREE || shape[0] == 1);
        for (int i = 1; fits && i < shape.length; i++) {
            fits = shape[i] == sizes[i - 1];
        }
        if (!fits) {
            throw misfit(what + " of shape " + Arrays.toString(shape), expected);
        }
    }

    private static List<String> names(Collection<NodeInfo> infos) {
        return infos.stream().map(NodeInfo::getName).toList();
    }

    private static GlintException misfit(String found, String expected) {
        return GlintException.failure(
                Reason.MODEL, found, expected + ", as the contract says", "write the model again with exporter export");
    }
}
