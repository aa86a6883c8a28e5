package dev.glint.classify.library;

import dev.glint.console.Versions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Prediction.Candidate;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.graalvm.nativeimage.IsolateThread;
import org.graalvm.nativeimage.ObjectHandle;
import org.graalvm.nativeimage.ObjectHandles;
import org.graalvm.nativeimage.c.function.CEntryPoint;
import org.graalvm.nativeimage.c.type.CCharPointer;
import org.graalvm.nativeimage.c.type.CIntPointer;
import org.graalvm.nativeimage.c.type.CTypeConversion;
import org.graalvm.word.Pointer;
import org.graalvm.word.PointerBase;

/**
 * What {@code glint.c} calls. What comes from a C program is checked there for being there at all, and here for making sense. Each returns 0
 * or more, or minus an exit code with the message written to where the caller says.
 */
final class EntryPoints {
    /** Of {@code glint_prediction}: an index, a probability, and the label that {@code glint.c} fills in. */
    private static final int PREDICTION_BYTES = 16;

    private static final int PROBABILITY_AT = 4;

    private EntryPoints() {}

    /** Hears where the library lies, for ONNX Runtime's lies beside it; says its version. */
    @CEntryPoint(name = "glint_image_initialize")
    static void initialize(IsolateThread thread, CCharPointer folder, CCharPointer version, int capacity) {
        OpenModel.libraries = Path.of(CTypeConversion.toJavaString(folder));
        write(Versions.glint(), version, capacity);
    }

    /** Opens a model; its handle goes to {@code handle}, the number of its labels to {@code labels}. */
    @CEntryPoint(name = "glint_image_open")
    static int open(
            IsolateThread thread,
            CCharPointer path,
            int threads,
            Pointer handle,
            CIntPointer labels,
            CCharPointer message,
            int capacity) {
        try {
            OpenModel model = OpenModel.open(path(path), threads);
            labels.write(model.labels().size());
            handle.writeWord(0, ObjectHandles.getGlobal().create(model));
            return 0;
        } catch (Throwable e) {
            return failure(e, message, capacity);
        }
    }

    private static Path path(CCharPointer path) {
        String text = CTypeConversion.toJavaString(path);
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw GlintException.failure(
                    Reason.USAGE, "a path that is none (" + e.getReason() + ")", "a path", "correct it");
        }
    }

    /** Writes as much of a label as there is room for, and a 0; returns how many bytes it has. */
    @CEntryPoint(name = "glint_image_label")
    static int label(IsolateThread thread, ObjectHandle handle, int index, CCharPointer text, int capacity) {
        List<String> labels = model(handle).labels();
        return write(labels.get(index), text, capacity);
    }

    /** Classifies an encoded picture; returns the number of predictions. */
    @CEntryPoint(name = "glint_image_classify")
    static int classify(
            IsolateThread thread,
            ObjectHandle handle,
            PointerBase bytes,
            long size,
            Pointer predictions,
            int topK,
            CCharPointer message,
            int capacity) {
        try {
            return write(model(handle).classify(bytes(bytes, size), topK), predictions);
        } catch (Throwable e) {
            return failure(e, message, capacity);
        }
    }

    /** Classifies raw pixels; returns the number of predictions. */
    @CEntryPoint(name = "glint_image_classify_pixels")
    static int classifyPixels(
            IsolateThread thread,
            ObjectHandle handle,
            int format,
            int width,
            int height,
            int stride,
            PointerBase bytes,
            long size,
            Pointer predictions,
            int topK,
            CCharPointer message,
            int capacity) {
        try {
            byte[] pixels = bytes(bytes, size);
            return write(model(handle).classify(format, width, height, stride, pixels, topK), predictions);
        } catch (Throwable e) {
            return failure(e, message, capacity);
        }
    }

    /** Frees a model. */
    @CEntryPoint(name = "glint_image_close")
    static void close(IsolateThread thread, ObjectHandle handle) {
        model(handle).close();
        ObjectHandles.getGlobal().destroy(handle);
    }

    private static OpenModel model(ObjectHandle handle) {
        return ObjectHandles.getGlobal().get(handle);
    }

    private static byte[] bytes(PointerBase pointer, long size) {
        if (size < 0 || size > OpenModel.MAX_BYTES) {
            throw GlintException.failure(
                    Reason.LIMIT,
                    Long.toUnsignedString(size) + " bytes",
                    "at most " + OpenModel.MAX_BYTES,
                    "pass a smaller picture");
        }
        byte[] copy = new byte[(int) size];
        CTypeConversion.asByteBuffer(pointer, copy.length).get(copy);
        return copy;
    }

    private static int write(List<Candidate> candidates, Pointer predictions) {
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            Pointer prediction = predictions.add(i * PREDICTION_BYTES);
            prediction.writeInt(0, candidate.index());
            prediction.writeFloat(PROBABILITY_AT, (float) candidate.probability());
        }
        return candidates.size();
    }

    private static int failure(Throwable failure, CCharPointer message, int capacity) {
        if (failure instanceof GlintException known) {
            write(known.getMessage(), message, capacity);
            return -known.reason().exitCode();
        }
        if (failure instanceof OutOfMemoryError) {
            write("found no memory left, expected some; free some, or pass smaller pictures", message, capacity);
            return -Reason.LIMIT.exitCode();
        }
        write("internal error: " + failure, message, capacity);
        return -1;
    }

    /** As much of a text as there is room for, cut between characters, and a 0. */
    private static int write(String text, CCharPointer target, int capacity) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (capacity > 0) {
            int end = Math.min(bytes.length, capacity - 1);
            while (end < bytes.length && end > 0 && (bytes[end] & 0xc0) == 0x80) {
                end--;
            }
            ByteBuffer buffer = CTypeConversion.asByteBuffer(target, capacity);
            buffer.put(bytes, 0, end).put((byte) 0);
        }
        return bytes.length;
    }
}
