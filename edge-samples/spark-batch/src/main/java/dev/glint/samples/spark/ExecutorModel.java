package dev.glint.samples.spark;

import dev.glint.runtime.model.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.broadcast.Broadcast;

/** The models of this executor's process: each is opened by the first task that needs it, and stays open for all others. */
final class ExecutorModel {
    private static final Map<Long, Model> OPEN = new ConcurrentHashMap<>();

    private ExecutorModel() {}

    /** The model in the bytes of a file that was broadcast. */
    static Model named(Broadcast<byte[]> file) {
        return OPEN.computeIfAbsent(file.id(), id -> open(file.value()));
    }

    private static Model open(byte[] bytes) {
        try {
            Path file = Files.createTempFile("glint-", ".onnx");
            try {
                return Model.open(Files.write(file, bytes));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
