package dev.glint.classify.library;

import dev.glint.classify.kernels.NativeKernels;
import dev.glint.classify.ort.ModelCache;
import dev.glint.classify.ort.OrtEngine;
import dev.glint.classify.ort.OrtSettings;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.raw.PixelFormat;
import dev.glint.runtime.decode.raw.RawPixels;
import dev.glint.runtime.engine.Provider;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Engines;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.Prediction;
import dev.glint.runtime.trust.TrustedKey;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/** A model of a C program, and as many classifiers as were ever needed at once. Safe for use by several threads. */
final class OpenModel implements AutoCloseable {
    /** Of an encoded picture or of raw pixels: what four bytes a pixel take at the largest number of pixels. */
    static final long MAX_BYTES = Math.max(
            DecodeLimits.defaults().encodedBytes(), 4 * DecodeLimits.defaults().pixels());

    /** Names the file of the key that models must be signed with, as for the command. */
    private static final String TRUST = "GLINT_TRUST";

    private static final List<PixelFormat> FORMATS = List.of(PixelFormat.values());

    /** Where ONNX Runtime's library lies. */
    static volatile Path libraries = Path.of(".");

    private final Model model;
    private final Deque<Classifier> idle = new ArrayDeque<>();

    private OpenModel(Model model) {
        this.model = model;
    }

    static OpenModel open(Path path, int threads) {
        if (threads < 1 || threads > 256) {
            throw GlintException.failure(Reason.USAGE, threads + " threads", "1 to 256", "pass 1 for small models");
        }
        OrtEngine ort = new OrtEngine(new OrtSettings(
                () -> libraries, false, true, false, Provider.CPU, ModelCache.folder(System.getenv()), note -> {}));
        String trusted = System.getenv().getOrDefault(TRUST, "");
        return new OpenModel(Model.open(
                path,
                new Model.Options(threads, true, Engines.forPictures(new NativeKernels(), ort, Long.MAX_VALUE))
                        .withTrust(trusted.isEmpty() ? null : TrustedKey.read(Path.of(trusted)))));
    }

    List<String> labels() {
        return model.contract().labels();
    }

    /** The most probable classes, best first. */
    List<Prediction.Candidate> classify(byte[] picture, int topK) {
        return lend(classifier -> classifier.classify(picture, topK));
    }

    /** The same of raw pixels in the format of that number. */
    List<Prediction.Candidate> classify(int format, int width, int height, int stride, byte[] bytes, int topK) {
        if (format < 0 || format >= FORMATS.size()) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "pixel format " + format,
                    "0 to " + (FORMATS.size() - 1),
                    "pass one of enum glint_pixel_format");
        }
        RawPixels pixels = new RawPixels(FORMATS.get(format), width, height, stride, bytes);
        return lend(classifier -> classifier.classify(pixels, topK));
    }

    private List<Prediction.Candidate> lend(Function<Classifier, Prediction> call) {
        Classifier classifier = borrow();
        try {
            return call.apply(classifier).candidates();
        } finally {
            synchronized (idle) {
                idle.push(classifier);
            }
        }
    }

    private Classifier borrow() {
        synchronized (idle) {
            Classifier classifier = idle.poll();
            if (classifier != null) {
                return classifier;
            }
        }
        return model.newClassifier();
    }

    @Override
    public void close() {
        synchronized (idle) {
            idle.forEach(Classifier::close);
            idle.clear();
        }
        model.close();
    }
}
