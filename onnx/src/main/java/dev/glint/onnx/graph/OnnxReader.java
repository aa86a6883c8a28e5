package dev.glint.onnx.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads ONNX files: what {@link OnnxWriter} writes, and what ONNX Runtime saves when it has optimised such a file. The
 * bytes are not trusted. Refused are external data, sparse tensors, sub-graphs, functions and types beyond {@link
 * ElementType}.
 */
public final class OnnxReader {
    private OnnxReader() {}

    /**
     * Reads a file.
     *
     * @throws GlintException ({@code MODEL}), naming the file, if it is missing or no model that can be read, ({@code
     *     LIMIT}) if it is too large
     */
    public static OnnxModel read(Path file) {
        try {
            return read(ModelBytes.read(file));
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    /**
     * Reads the bytes of a file.
     *
     * @throws GlintException ({@code MODEL}) if they are no model that can be read
     */
    public static OnnxModel read(byte[] bytes) {
        try {
            return ModelParser.forCompleteFiles().model(ModelProto.parseFrom(uncopied(bytes)));
        } catch (IOException | IllegalArgumentException | ArithmeticException e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "no valid ONNX model (" + e.getMessage() + ")",
                            "an ONNX file with all its tensors inside",
                            "write the model again with exporter export")
                    .causedBy(e);
        }
    }

    /** The weights of the message are views of the bytes. */
    private static CodedInputStream uncopied(byte[] bytes) {
        CodedInputStream stream = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
        stream.enableAliasing(true);
        return stream;
    }
}
