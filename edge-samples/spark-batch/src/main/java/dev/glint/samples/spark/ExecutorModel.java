package dev.glint.samples.spark;

import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.spark.broadcast.Broadcast;

/**
 * A model of this executor's process: opened by the first task that needs it, it stays open for all others, those of later jobs too,
 * and so do the classifiers, one for each task at a time: the first picture of a new one takes longer.
 */
final class ExecutorModel {
    private static final Map<String, ExecutorModel> OPEN = new ConcurrentHashMap<>();

    private final Model model;
    private final Deque<Classifier> idle = new ConcurrentLinkedDeque<>();

    private ExecutorModel(byte[] file) {
        model = Model.open(file);
    }

    /** The model of this hash, in the bytes of a file that was broadcast. */
    static ExecutorModel named(String sha256, Broadcast<byte[]> file) {
        return OPEN.computeIfAbsent(sha256, hash -> new ExecutorModel(file.value()));
    }

    /** A classifier for a task, which gives it back. */
    Classifier take() {
        Classifier classifier = idle.pollFirst();
        return classifier == null ? model.newClassifier() : classifier;
    }

    void giveBack(Classifier classifier) {
        idle.addFirst(classifier);
    }
}
