package dev.glint.runtime.model;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.onnx.OnnxLimits;
import dev.glint.runtime.trust.TrustedKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model file, opened once: one session of an {@link Engine}, and the contract that the file carries. Safe for use by several
 * threads; each of them classifies with a {@link Classifier} of its own, which costs no more than its buffers.
 *
 * <p>Close it when no more classifiers will be made. The session is freed with whatever is closed last, the model or
 * one of its classifiers.
 */
public final class Model implements AutoCloseable {

    /**
     * How a model is run.
     *
     * @param threads threads that one operator may use, at least 1
     * @param quiet whether the engine says nothing but fatal errors about this model, for what goes wrong is in the
     *     exception; otherwise it says what the process's {@code OrtEnvironment} lets through
     * @param engines what may run it: the first that takes it does
     * @param trust whose signature the model must have; null if it need have none
     */
    public record Options(
            int threads,
            boolean quiet,
            List<Engine> engines,
            @Nullable TrustedKey trust) {
        public Options {
            new EngineOptions(threads, quiet);
            engines = List.copyOf(engines);
            if (engines.isEmpty()) {
                throw new IllegalArgumentException("no engine");
            }
        }

        /** The same for models that need no signature. */
        public Options(int threads, boolean quiet, List<Engine> engines) {
            this(threads, quiet, engines, null);
        }

        /** One thread, quiet, {@link Engines#standard()}, no signature needed. */
        public static Options defaults() {
            return new Options(1, true, Engines.standard());
        }

        /** The same with another number of threads. */
        public Options withThreads(int count) {
            return new Options(count, quiet, engines, trust);
        }

        /** The same with other engines. */
        public Options withEngines(List<Engine> others) {
            return new Options(threads, quiet, others, trust);
        }

        /** The same for models that this key has signed, and no others. */
        public Options withTrust(@Nullable TrustedKey key) {
            return new Options(threads, quiet, engines, key);
        }
    }

    private final Path file;
    private final Engine engine;
    private final Session session;
    private final SharedSession holders;
    private final PreprocessContract contract;
    private final boolean anyBatch;
    private boolean closed;

    private Model(Path file, Engine engine, Session session, PreprocessContract contract, boolean anyBatch) {
        this.file = file;
        this.engine = engine;
        this.contract = contract;
        this.anyBatch = anyBatch;
        this.session = session;
        this.holders = new SharedSession(session);
    }

    /** Opens a model with {@link Options#defaults()}. */
    public static Model open(Path model) {
        return open(model, Options.defaults());
    }

    /**
     * Opens a model.
     *
     * @param model an ONNX file written by the exporter, or a model folder (see {@link ModelFolder#select})
     * @throws GlintException ({@code MODEL}) if it is missing, no ONNX model, beyond {@link OnnxLimits#defaults()}, or does
     *     not fit its contract, or is not signed as the options ask for, all of which is found out before an engine sees it, or no
     *     engine knows all of its operators;
     *     ({@code INPUT}) if the libraries of the engine that does cannot be loaded
     */
    public static Model open(Path model, Options options) {
        return ModelFile.read(model, options.trust()).open(options);
    }

    /** Opens a model in memory with {@link Options#defaults()}. */
    public static Model open(byte[] model) {
        return open(model, Options.defaults());
    }

    /**
     * Opens a model in memory.
     *
     * @param model the bytes of an ONNX file written by the exporter; copied
     * @throws GlintException as {@link #open(Path, Options)}, with {@link ModelFile#IN_MEMORY} for a name
     * @throws IllegalArgumentException if the options ask for a signature, which only files have
     */
    public static Model open(byte[] model, Options options) {
        return ModelFile.read(model).open(options);
    }

    /** Opens what was read. */
    static Model open(ModelFile read, Options options) {
        Path file = read.file();
        read.requireReadWith(options.trust());
        try {
            return first(read, options);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    /** The first engine that takes it runs it; one that cannot start is passed over if another one can. */
    private static Model first(ModelFile read, Options options) {
        EngineOptions settings = new EngineOptions(options.threads(), options.quiet());
        List<String> refusals = new ArrayList<>();
        GlintException unable = null;
        for (Engine engine : options.engines()) {
            Optional<String> refusal = engine.refusal(read.onnx(), read.signature());
            if (refusal.isPresent()) {
                refusals.add(engine.name() + ": " + refusal.get());
                continue;
            }
            try {
                Session session = engine.open(read.file(), read.onnx(), read.signature(), settings);
                return new Model(
                        read.file(),
                        engine,
                        session,
                        read.contract(),
                        read.signature().anyBatch());
            } catch (GlintException e) {
                if (e.reason() != Reason.INPUT) {
                    throw e;
                }
                unable = unable == null ? e : unable;
            }
        }
        throw unable == null ? unknown(refusals) : unable;
    }

    private static GlintException unknown(List<String> refusals) {
        return GlintException.failure(
                Reason.MODEL,
                "a model that no engine here runs (" + String.join("; ", refusals) + ")",
                "operators that one of them knows",
                "leave out --engine, or write the model again with exporter export");
    }

    /** What runs it. */
    public Engine engine() {
        return engine;
    }

    /** The model file; where a folder was opened, the file in it that was chosen; {@link ModelFile#IN_MEMORY} if there is none. */
    public Path file() {
        return file;
    }

    /** The contract that the model carries. */
    public PreprocessContract contract() {
        return contract;
    }

    /**
     * A classifier for one thread, to be closed by the caller. It goes on working when the model is closed.
     *
     * @throws IllegalStateException if the model is closed
     */
    public Classifier newClassifier() {
        return newClassifier(1);
    }

    /**
     * A classifier for one thread that also takes several pictures at a time, to be closed by the caller. That is faster where
     * the engine has more than one thread, or weights that are larger than the processor's caches.
     *
     * @param batch how many of the pictures of {@link Classifier#classifyAll} go through the model together, at least 1; a model
     *     whose input is fixed to one picture takes them one by one
     * @throws IllegalStateException if the model is closed
     * @throws GlintException ({@code MODEL}) if the engine cannot
     */
    public synchronized Classifier newClassifier(int batch) {
        if (closed) {
            throw new IllegalStateException("the model " + file + " is closed");
        }
        if (batch < 1) {
            throw new IllegalArgumentException("a batch of " + batch);
        }
        Binding one = session.bind(1);
        try {
            Binding several = batch > 1 && anyBatch ? session.bind(batch) : null;
            return new Classifier(file, contract, holders, one, batch, several);
        } catch (RuntimeException e) {
            one.close();
            throw e;
        }
    }

    /** Lets go of the session. Classifiers that were made before go on working. Closing twice does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            holders.release();
        }
    }
}
