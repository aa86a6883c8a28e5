package dev.glint.onnx.testing;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxWriter;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.onnx.ModelProto;
import org.bytedeco.onnx.global.onnx;

/** ONNX's own C++ checker and shape inference: someone else's opinion of a file. */
public final class OnnxChecker {
    private OnnxChecker() {}

    /** Throws with the checker's words if the model is not valid ONNX or its types and shapes do not fit together. */
    public static void check(OnnxModel model) {
        check(OnnxWriter.write(model));
    }

    /** The same for the bytes of a file. */
    public static void check(byte[] bytes) {
        try (BytePointer pointer = new BytePointer(bytes);
                ModelProto proto = new ModelProto()) {
            if (!onnx.ParseProtoFromBytes(proto, pointer, bytes.length)) {
                throw new IllegalArgumentException("no protobuf message");
            }
            boolean fullCheck = true;
            onnx.check_model(proto, fullCheck, false, false);
        }
    }
}
