package dev.glint.onnx.foreign;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.glint.onnx.graph.ModelBytes;
import dev.glint.onnx.graph.ModelParser;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads ONNX files of any origin, with ONNX's own operators from set 7 to 21. The bytes are not trusted. Weights may lie in
 * files beside it. What turns numbers into labels at a graph's end (the operators of {@code ai.onnx.ml}) is left out.
 * A model's own functions are written out where they are called. Refused, with what was found, are other operator sets, quantised
 * models, sub-graphs and sparse tensors.
 */
public final class ForeignReader {
    private ForeignReader() {}

    /**
     * Reads a file.
     *
     * @throws GlintException ({@code MODEL}, {@code LIMIT}), naming the file, if it is missing or no model that can be read
     */
    public static ForeignModel read(Path file) {
        byte[] bytes = ModelBytes.read(file);
        try {
            return read(bytes, TensorFiles.beside(file, ModelBytes.MAX_BYTES - bytes.length));
        } catch (GlintException e) {
            throw e.about(file);
        } catch (IOException e) {
            throw ModelBytes.unreadable(file, e);
        }
    }

    /**
     * Reads the bytes of a file that is complete alone.
     *
     * @throws GlintException ({@code MODEL}) if they are no model that can be read
     */
    public static ForeignModel read(byte[] bytes) {
        return read(bytes, TensorFiles.none());
    }

    private static ForeignModel read(byte[] bytes, TensorFiles beside) {
        try {
            return model(ModelProto.parseFrom(bytes), beside);
        } catch (InvalidProtocolBufferException | IllegalArgumentException | ArithmeticException e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "no valid ONNX model (" + e.getMessage() + ")",
                            "a whole ONNX file",
                            "export it again, and try ONNX's checker on it")
                    .causedBy(e);
        }
    }

    private static ForeignModel model(ModelProto proto, TensorFiles beside) {
        OperatorSets.check(proto);
        List<String> notes = new ArrayList<>();
        ModelProto whole = FunctionInliner.inline(proto, notes);
        GraphProto numbers = NumericOutputs.keep(whole.getGraph(), notes);
        OperatorSets.checkNodes(numbers);
        OnnxModel model = new ModelParser(beside)
                .model(whole.toBuilder().setGraph(numbers).build());
        int listed = listedAmongInputs(proto.getGraph());
        if (listed > 0) {
            notes.add(listed + " initializers listed among the inputs");
        }
        beside.names().forEach(name -> notes.add("tensors in the file " + name));
        return new ForeignModel(model, numbers.equals(whole.getGraph()), notes);
    }

    private static int listedAmongInputs(GraphProto graph) {
        List<String> initializers = graph.getInitializerList().stream()
                .map(tensor -> tensor.getName())
                .toList();
        Set<String> names = new HashSet<>(initializers);
        return (int) graph.getInputList().stream()
                .filter(input -> names.contains(input.getName()))
                .count();
    }
}
