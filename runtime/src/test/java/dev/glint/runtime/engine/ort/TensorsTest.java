package dev.glint.runtime.engine.ort;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.testing.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorsTest {
    private static final Signature SIGNATURE = new Signature(
            "input",
            "logits",
            ElementType.FLOAT32,
            Layout.NCHW,
            TinyModel.contract().channels(),
            TinyModel.contract().height(),
            TinyModel.contract().width(),
            TinyModel.contract().labels().size(),
            false);

    @TempDir
    private Path folder;

    @Test
    void aSecondTensorThatFailsTakesTheFirstWithIt() throws Exception {
        Path file = TinyModel.write(folder.resolve("tiny.onnx"));
        try (OrtSession session = OnnxRuntime.environment().createSession(file.toString())) {
            List<OnnxTensor> made = new ArrayList<>();
            List<long[]> shapes = new ArrayList<>();
            OrtException failure = new OrtException("no room");
            OrtException e = assertThrows(
                    OrtException.class,
                    () -> new Tensors(file, session, SIGNATURE, 3, (bytes, type, shape) -> {
                        shapes.add(shape);
                        if (!made.isEmpty()) {
                            assertFalse(made.get(0).isClosed());
                            throw failure;
                        }
                        made.add(OnnxTensor.createTensor(OnnxRuntime.environment(), bytes, shape, type));
                        return made.get(0);
                    }));

            assertSame(failure, e);
            assertTrue(made.get(0).isClosed());
            assertArrayEquals(
                    new long[] {3, SIGNATURE.channels(), SIGNATURE.height(), SIGNATURE.width()}, shapes.get(0));
            assertArrayEquals(new long[] {3, SIGNATURE.labels()}, shapes.get(1));
        }
    }
}
