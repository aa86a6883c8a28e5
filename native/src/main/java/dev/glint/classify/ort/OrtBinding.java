package dev.glint.classify.ort;

import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.graalvm.nativeimage.UnmanagedMemory;
import org.graalvm.nativeimage.c.type.CTypeConversion;
import org.graalvm.nativeimage.c.type.CTypeConversion.CCharPointerHolder;
import org.graalvm.word.PointerBase;
import org.graalvm.word.WordFactory;

/** Memory outside the heap, and the tensors over it that ONNX Runtime reads and fills. */
final class OrtBinding implements Binding {
    private final OrtApi api;
    private final PointerBase session;
    private final Path file;
    private final Block input;
    private final Block output;
    private final CCharPointerHolder inputName;
    private final CCharPointerHolder outputName;
    private boolean closed;

    OrtBinding(OrtApi api, PointerBase session, Path file, Signature signature, int batch) throws OrtFailure {
        this.api = api;
        this.session = session;
        this.file = file;
        PointerBase memory = api.createMemoryInfo();
        try {
            this.input = new Block(api, memory, signature.elementType(), signature.inputShape(batch));
            try {
                this.output = new Block(api, memory, ElementType.FLOAT32, batch, signature.labels());
            } catch (OrtFailure | RuntimeException | Error e) {
                input.free(api);
                throw e;
            }
        } finally {
            api.release(OrtFunctions.RELEASE_MEMORY_INFO, memory);
        }
        this.inputName = CTypeConversion.toCString(signature.inputName());
        this.outputName = CTypeConversion.toCString(signature.outputName());
    }

    /** A tensor and the memory below it. */
    private static final class Block {
        private final PointerBase memory;
        private final PointerBase tensor;
        private final ByteBuffer bytes;
        private final FloatBuffer floats;

        Block(OrtApi api, PointerBase kind, ElementType type, long... shape) throws OrtFailure {
            int size = type.bytes();
            for (long dimension : shape) {
                size = Math.multiplyExact(size, Math.toIntExact(dimension));
            }
            this.memory = UnmanagedMemory.malloc(WordFactory.unsigned(size));
            try {
                this.tensor = api.createTensor(kind, memory, size, type, shape);
            } catch (OrtFailure e) {
                UnmanagedMemory.free(memory);
                throw e;
            }
            this.bytes = CTypeConversion.asByteBuffer(memory, size).order(ByteOrder.nativeOrder());
            this.floats = bytes.asFloatBuffer();
        }

        void free(OrtApi api) {
            api.release(OrtFunctions.RELEASE_VALUE, tensor);
            UnmanagedMemory.free(memory);
        }
    }

    @Override
    public FloatBuffer input() {
        return input.floats.clear();
    }

    @Override
    public ByteBuffer byteInput() {
        return input.bytes.clear();
    }

    @Override
    public void run() {
        try {
            api.run(session, inputName.get(), input.tensor, outputName.get(), output.tensor);
        } catch (OrtFailure e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "a failure of " + file + " (" + e.getMessage() + ")",
                            "logits",
                            "write the model again with exporter export")
                    .causedBy(e);
        }
    }

    @Override
    public FloatBuffer output() {
        return output.floats.clear();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            input.free(api);
            output.free(api);
            inputName.close();
            outputName.close();
        }
    }
}
