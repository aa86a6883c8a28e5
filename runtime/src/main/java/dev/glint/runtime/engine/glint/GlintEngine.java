package dev.glint.runtime.engine.glint;

import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.onnx.OnnxFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Glint's own engine, for small networks: there is nothing to be loaded before the first answer. It runs one picture at a time on one
 * thread, knows the operators that the exporter writes, and computes integers as ONNX Runtime's fused operators do.
 */
public final class GlintEngine implements Engine {
    private final Kernels kernels;
    private final double maxNanos;
    private volatile @Nullable Known known;

    /** The last model that was looked at, for whoever asks about a model opens it next. */
    private record Known(OnnxFile onnx, Signature signature, Plan plan) {}

    private GlintEngine(Kernels kernels, double maxNanos) {
        this.kernels = kernels;
        this.maxNanos = maxNanos;
    }

    /** An engine that takes every model that it knows. */
    public GlintEngine(Kernels kernels) {
        this(kernels, Double.POSITIVE_INFINITY);
    }

    /**
     * An engine that leaves large models to others.
     *
     * @param nanos how long a picture may take by what {@link Kernels} say of themselves
     */
    public GlintEngine withLimit(double nanos) {
        return new GlintEngine(kernels, nanos);
    }

    @Override
    public String name() {
        return "glint";
    }

    @Override
    public Optional<String> loops() {
        return Optional.of(kernels.name());
    }

    @Override
    public Optional<String> refusal(OnnxFile onnx, Signature signature) {
        try {
            Plan plan = Plan.make(onnx, signature);
            if (plan.estimatedNanos(kernels) > maxNanos) {
                return Optional.of("a picture costs " + plan.multiplyAdds() + " multiply-adds");
            }
            known = new Known(onnx, signature, plan);
            return Optional.empty();
        } catch (UnsupportedGraph e) {
            return Optional.of(e.reason());
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // The very file that was asked about.
    public Session open(Path file, OnnxFile onnx, Signature signature, EngineOptions options) {
        Known last = known;
        known = null;
        try {
            Plan plan = last != null && last.onnx() == onnx && last.signature() == signature
                    ? last.plan()
                    : Plan.make(onnx, signature);
            return GlintSession.prepare(plan, signature, kernels);
        } catch (UnsupportedGraph e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            e.reason() + ", which Glint's own engine does not know",
                            "a model that exporter export wrote",
                            "leave out --engine, or name ort")
                    .about(file);
        }
    }
}
