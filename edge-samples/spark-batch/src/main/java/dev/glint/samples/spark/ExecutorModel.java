package dev.glint.samples.spark;

import dev.glint.runtime.model.Model;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.broadcast.Broadcast;

/** The models of this executor's process: each is opened by the first task that needs it, and stays open for all others. */
final class ExecutorModel {
    private static final Map<Long, Model> OPEN = new ConcurrentHashMap<>();

    private ExecutorModel() {}

    /** The model in the bytes of a file that was broadcast. */
    static Model named(Broadcast<byte[]> file) {
        return OPEN.computeIfAbsent(file.id(), id -> Model.open(file.value()));
    }
}
