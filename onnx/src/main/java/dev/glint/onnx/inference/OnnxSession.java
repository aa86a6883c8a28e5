package dev.glint.onnx.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.Tensor;
import dev.glint.runtime.engine.ort.OnnxRuntime;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;

/**
 * A model in ONNX Runtime. Several threads may run it at once; none while it is closed.
 * Close it to free the session.
 */
public final class OnnxSession implements AutoCloseable {
    private static final Settings SIGNED_ACTIVATIONS =
            options -> options.addConfigEntry("session.qdqisint8allowed", "1");

    private final OrtEnvironment environment;
    private final OrtSession session;

    private OnnxSession(OrtEnvironment environment, OrtSession session) {
        this.environment = environment;
        this.session = session;
    }

    /** What a session is opened with. */
    private interface Settings {
        void set(OrtSession.SessionOptions options) throws OrtException;
    }

    /**
     * Opens a model.
     *
     * @param threads threads per operator
     * @throws GlintException ({@code MODEL}) if ONNX Runtime refuses it
     */
    public static OnnxSession open(OnnxModel model, int threads) {
        return open(model, threads, options -> {});
    }

    /** The graph that ONNX Runtime makes of a model with all its optimisations, for this machine. */
    public static OnnxModel optimized(OnnxModel model) {
        return optimized(model, options -> {});
    }

    /** The same with the fusions of signed activations, which ONNX Runtime makes by itself on ARM alone. */
    public static OnnxModel optimizedForSignedActivations(OnnxModel model) {
        return optimized(model, SIGNED_ACTIVATIONS);
    }

    private static OnnxModel optimized(OnnxModel model, Settings settings) {
        try {
            Path folder = Files.createTempDirectory("glint-optimized");
            Path file = folder.resolve("optimized.onnx");
            try {
                Settings all = options -> {
                    settings.set(options);
                    options.setOptimizedModelFilePath(file.toString());
                };
                open(model, 1, all).close();
                return OnnxReader.read(file);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a model with one thread per operator, and has what runs recorded in a file whose name begins so. */
    static OnnxSession profiled(OnnxModel model, Path prefix, boolean signedActivations) {
        return open(model, 1, options -> {
            if (signedActivations) {
                SIGNED_ACTIVATIONS.set(options);
            }
            options.enableProfiling(prefix.toString());
        });
    }

    /** Ends the record; returns its file. */
    Path endProfile() {
        try {
            return Path.of(session.endProfiling());
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    private static OnnxSession open(OnnxModel model, int threads, Settings settings) {
        OnnxRuntime.environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            // Between two runs the threads are needed for what comes in and out.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            settings.set(options);
            OrtEnvironment environment = OnnxRuntime.environment();
            return new OnnxSession(environment, environment.createSession(OnnxWriter.writeDirect(model), options));
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    /**
     * Runs the model.
     *
     * @param input the elements, in a direct buffer from its position on, which stays
     * @param shape N, C, H, W
     * @return the elements of each output by its name, in the model's order
     */
    public Map<String, float[]> run(FloatBuffer input, long... shape) {
        Map<String, float[]> found = new ConcurrentHashMap<>();
        try (Outputs given = outputs(input, shape)) {
            given.visit((name, values, ignored) -> {
                float[] copy = new float[values.remaining()];
                values.get(copy);
                found.put(name, copy);
            });
        }
        Map<String, float[]> outputs = new LinkedHashMap<>();
        session.getOutputNames().forEach(name -> outputs.put(name, found.get(name)));
        return outputs;
    }

    /** Is shown what a model gives. */
    @FunctionalInterface
    public interface OutputVisitor {
        /**
         * One of the outputs.
         *
         * @param values its elements, from the position on; only during this call
         * @param shape its dimensions
         */
        void visit(String name, FloatBuffer values, long... shape);
    }

    /** What a model gave, outside the heap. Close it to free that. */
    public static final class Outputs implements AutoCloseable {
        private final OrtSession.Result result;

        private Outputs(OrtSession.Result result) {
            this.result = result;
        }

        /** Shows the outputs to a visitor, by several threads at once. */
        public void visit(OutputVisitor visitor) {
            StreamSupport.stream(result.spliterator(), false).toList().parallelStream()
                    .forEach(output -> {
                        OnnxTensor values = (OnnxTensor) output.getValue();
                        visitor.visit(
                                output.getKey(),
                                values.getFloatBuffer(),
                                values.getInfo().getShape());
                    });
        }

        @Override
        public void close() {
            result.close();
        }
    }

    /**
     * Runs the model.
     *
     * @param input the elements, in a direct buffer from its position on, which stays
     * @param shape N, C, H, W
     * @return to be closed
     */
    public Outputs outputs(FloatBuffer input, long... shape) {
        String inputName = session.getInputNames().iterator().next();
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, input, shape)) {
            return new Outputs(session.run(Map.of(inputName, tensor)));
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    /**
     * Runs a model of any inputs.
     *
     * @param inputs each by its name
     * @return each output by its name, in the model's order
     */
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                given.put(input.getKey(), TypedTensors.toOnnx(environment, input.getValue()));
            }
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            try (OrtSession.Result result = session.run(given)) {
                for (Map.Entry<String, OnnxValue> output : result) {
                    outputs.put(output.getKey(), TypedTensors.fromOnnx((OnnxTensor) output.getValue()));
                }
            }
            return outputs;
        } catch (OrtException e) {
            throw refused(e);
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private static GlintException refused(OrtException e) {
        return GlintException.failure(
                        Reason.MODEL,
                        "a model that ONNX Runtime refuses (" + e.getMessage() + ")",
                        "a model that runs",
                        "export it again; if that does not help, report it")
                .causedBy(e);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw refused(e);
        }
    }
}
