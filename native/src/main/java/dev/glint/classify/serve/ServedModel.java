package dev.glint.classify.serve;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** An open model with a classifier for each worker. It is freed when it was retired and its last request is done. */
final class ServedModel {
    private static final int MID_GRAY = 128;

    private final Model model;
    private final Deque<Classifier> idle = new ArrayDeque<>();
    private int busy;
    private boolean retired;

    /**
     * Takes an open model over and tries it.
     *
     * @throws GlintException ({@code MODEL}) if it gives no answer; it is closed then
     */
    ServedModel(Model model, int workers) {
        this.model = model;
        try {
            for (int i = 0; i < workers; i++) {
                idle.push(model.newClassifier());
            }
            idle.getFirst().logits(gray(model));
        } catch (RuntimeException | Error e) {
            free();
            throw e;
        }
    }

    private static Image gray(Model model) {
        int width = model.contract().width();
        int height = model.contract().height();
        byte[] samples = new byte[width * height];
        Arrays.fill(samples, (byte) MID_GRAY);
        return new Image(width, height, Image.Mode.GRAY, samples);
    }

    /** Its file's name. */
    String name() {
        return String.valueOf(model.file().getFileName());
    }

    /** The open model, for what it says of itself. */
    Model model() {
        return model;
    }

    /** A classifier for one request, to be given back. */
    synchronized Classifier take() {
        Classifier classifier = idle.pop();
        busy++;
        return classifier;
    }

    /** Takes a classifier back. */
    synchronized void giveBack(Classifier classifier) {
        idle.push(classifier);
        busy--;
        freeIfDone();
    }

    /** No request will take a classifier any more. */
    synchronized void retire() {
        retired = true;
        freeIfDone();
    }

    private void freeIfDone() {
        if (retired && busy == 0) {
            free();
        }
    }

    private void free() {
        idle.forEach(Classifier::close);
        idle.clear();
        model.close();
    }
}
