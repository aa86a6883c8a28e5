package dev.glint.runtime.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.onnx.OnnxLimits;
import java.nio.file.Path;

/**
 * A model file, opened once: one ONNX Runtime session, and the contract that the file carries. Safe for use by several
 * threads; each of them classifies with a {@link Classifier} of its own, which costs no more than its buffers.
 *
 * <p>Close it when no more classifiers will be made. The session is freed with whatever is closed last, the model or
 * one of its classifiers.
 */
public final class Model implements AutoCloseable {

    /**
     * How a model is run.
     *
     * @param threads threads that one operator may use, at least 1; more than one spins, which a single small picture
     *     seldom repays
     * @param quiet whether ONNX Runtime says nothing but fatal errors about this model, for what goes wrong is in the
     *     exception; otherwise it says what the process's {@code OrtEnvironment} lets through
     */
    public record Options(int threads, boolean quiet) {
        public Options {
            if (threads < 1) {
                throw new IllegalArgumentException(threads + " threads");
            }
        }

        /** One thread, quiet. */
        public static Options defaults() {
            return new Options(1, true);
        }

        /** The same with another number of threads. */
        public Options withThreads(int count) {
            return new Options(count, quiet);
        }
    }

    private final Path file;
    private final SharedSession session;
    private final PreprocessContract contract;
    private final Signature signature;
    private boolean closed;

    private Model(Path file, OrtSession session, PreprocessContract contract, Signature signature) {
        this.file = file;
        this.contract = contract;
        this.signature = signature;
        this.session = new SharedSession(session);
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
     *     not fit its contract, all of which is found out before ONNX Runtime sees it; ({@code INPUT}) if ONNX Runtime's
     *     libraries cannot be loaded
     */
    public static Model open(Path model, Options options) {
        Path file = ModelFolder.select(model);
        OnnxFile onnx = OnnxFile.read(file, OnnxLimits.defaults());
        try {
            PreprocessContract contract =
                    PreprocessContract.fromMetadata(key -> onnx.metadata(key).orElse(null));
            Signature signature = Signature.check(onnx.graph(), contract);
            return new Model(file, createSession(file, options), contract, signature);
        } catch (GlintException e) {
            throw e.about(file);
        } catch (OrtException e) {
            throw refused(e).about(file);
        }
    }

    private static OrtSession createSession(Path file, Options options) throws OrtException {
        // Before the session's options, which need the libraries as well.
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
            settings.setIntraOpNumThreads(options.threads());
            settings.setInterOpNumThreads(1);
            if (options.quiet()) {
                settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            }
            return environment.createSession(file.toString(), settings);
        }
    }

    private static GlintException refused(OrtException e) {
        return GlintException.failure(
                        Reason.MODEL,
                        "a file that ONNX Runtime refuses (" + e.getMessage() + ")",
                        "an ONNX model",
                        "write the model again with exporter export")
                .causedBy(e);
    }

    /** The model file; where a folder was opened, the file in it that was chosen. */
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
    public synchronized Classifier newClassifier() {
        if (closed) {
            throw new IllegalStateException("the model " + file + " is closed");
        }
        try {
            OrtEnvironment environment = OnnxRuntime.environment();
            return new Classifier(
                    file,
                    contract,
                    session,
                    new Tensors(
                            contract,
                            signature,
                            (buffer, shape) -> OnnxTensor.createTensor(environment, buffer, shape)));
        } catch (OrtException e) {
            throw refused(e).about(file);
        }
    }

    /** Lets go of the session. Classifiers that were made before go on working. Closing twice does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            session.release();
        }
    }
}
