package dev.glint.runtime.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One model, ready to classify pictures: one ONNX Runtime session with an input and an output buffer outside the heap
 * that every call uses again. Not safe for use by several threads at once. Close it to free the session.
 */
public final class Classifier implements AutoCloseable {

    /**
     * How a model is run.
     *
     * @param threads threads that one operator may use, at least 1; more than one spins, which a single small picture
     *     seldom repays
     */
    public record Options(int threads) {
        public Options {
            if (threads < 1) {
                throw new IllegalArgumentException(threads + " threads");
            }
        }

        /** One thread. */
        public static Options defaults() {
            return new Options(1);
        }
    }

    private final PreprocessContract contract;
    private final Preprocessor preprocessor;
    private final DecodeOptions decodeOptions;
    private final OrtSession session;
    private final FloatBuffer input;
    private final FloatBuffer output;
    private final OnnxTensor inputTensor;
    private final OnnxTensor outputTensor;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    private Classifier(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.session = session;
        String json = session.getMetadata()
                .getCustomMetadataValue(PreprocessContract.METADATA_KEY)
                .orElseThrow(() -> GlintException.failure(
                        Reason.MODEL,
                        "a model without a preprocessing contract",
                        "the metadata key " + PreprocessContract.METADATA_KEY,
                        "write the model with exporter export"));
        this.contract = PreprocessContract.fromJson(json);
        this.preprocessor = new Preprocessor(contract);
        this.decodeOptions = contract.decodeOptions();
        requireInput();
        String outputName = requireOutput();
        this.input = floats(contract.tensorSize());
        this.output = floats(contract.labels().size());
        this.inputTensor = OnnxTensor.createTensor(
                environment, input, new long[] {1, contract.channels(), contract.height(), contract.width()});
        this.outputTensor = OnnxTensor.createTensor(
                environment, output, new long[] {1, contract.labels().size()});
        this.inputs = Map.of(contract.inputName(), inputTensor);
        this.outputs = Map.of(outputName, outputTensor);
    }

    /** Opens a model with {@link Options#defaults()}. */
    public static Classifier open(Path model) {
        return open(model, Options.defaults());
    }

    /**
     * Opens a model.
     *
     * @param model an ONNX file written by the exporter, or a model folder (see {@link ModelFolder#select})
     * @throws GlintException ({@code MODEL}) if it is missing, no ONNX model, or does not fit its contract
     */
    public static Classifier open(Path model, Options options) {
        Path file = ModelFolder.select(model);
        if (!Files.isReadable(file)) {
            throw GlintException.failure(
                            Reason.MODEL, "no readable file", "an ONNX model", "check the path given with --model")
                    .about(file);
        }
        try {
            OrtEnvironment environment = environment();
            try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
                settings.setIntraOpNumThreads(options.threads());
                settings.setInterOpNumThreads(1);
                settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
                OrtSession session = environment.createSession(file.toString(), settings);
                try {
                    return new Classifier(environment, session);
                } catch (OrtException | RuntimeException e) {
                    session.close();
                    throw e;
                }
            }
        } catch (GlintException e) {
            throw e.about(file);
        } catch (OrtException e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "a file that ONNX Runtime refuses (" + e.getMessage() + ")",
                            "an ONNX model",
                            "write the model again with exporter export")
                    .causedBy(e)
                    .about(file);
        }
    }

    /**
     * Loads ONNX Runtime and makes its environment, once per process; {@link #open} does so by itself. For a caller
     * who wants to know what opening a model costs without it.
     */
    public static void start() {
        environment();
    }

    /** The process's ONNX Runtime environment, which says nothing but fatal errors. */
    private static OrtEnvironment environment() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "glint");
    }

    /** The contract that the model carries. */
    public PreprocessContract contract() {
        return contract;
    }

    /**
     * Decodes and classifies a picture file.
     *
     * @throws GlintException ({@code INPUT}, {@code LIMIT}) naming the file if it cannot be decoded
     */
    public Prediction classify(Path picture, int topK) {
        return classify(ImageDecoder.decode(picture, decodeOptions), topK);
    }

    /** Classifies a decoded picture. */
    public Prediction classify(Image image, int topK) {
        return Prediction.fromLogits(logits(image), contract.labels(), topK);
    }

    /** The logits of a decoded picture, one per label. */
    public float[] logits(Image image) {
        input.clear();
        preprocessor.preprocess(image, input);
        return run();
    }

    /**
     * The logits of a tensor that was preprocessed already.
     *
     * @param tensor (C, H, W) values from its position on
     */
    public float[] logits(FloatBuffer tensor) {
        input.clear();
        FloatBuffer picture = tensor.duplicate();
        picture.limit(picture.position() + input.capacity());
        input.put(picture);
        return run();
    }

    private float[] run() {
        try {
            session.run(inputs, outputs).close();
        } catch (OrtException e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "a model that fails (" + e.getMessage() + ")",
                            "logits",
                            "write the model again with exporter export")
                    .causedBy(e);
        }
        float[] logits = new float[output.capacity()];
        output.get(0, logits);
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw GlintException.failure(
                        Reason.MODEL, "a logit of " + logit, "finite logits", "fit and export the model again");
            }
        }
        return logits;
    }

    private void requireInput() throws OrtException {
        NodeInfo info = session.getInputInfo().get(contract.inputName());
        long[] expected = {-1, contract.channels(), contract.height(), contract.width()};
        requireShape("input " + contract.inputName(), info, expected);
    }

    private String requireOutput() throws OrtException {
        if (session.getNumOutputs() != 1) {
            throw misfit(session.getNumOutputs() + " outputs", "one, the logits");
        }
        NodeInfo info = session.getOutputInfo().values().iterator().next();
        requireShape("output " + info.getName(), info, new long[] {
            -1, contract.labels().size()
        });
        return info.getName();
    }

    /** Any fixed or free batch size N will do for -1, as long as it lets one picture through. */
    private static void requireShape(String what, @Nullable NodeInfo info, long[] expected) {
        if (info == null || !(info.getInfo() instanceof TensorInfo tensor)) {
            throw misfit("no tensor as " + what, "shape " + Arrays.toString(expected));
        }
        long[] shape = tensor.getShape();
        boolean fits = shape.length == expected.length && (shape[0] == -1 || shape[0] == 1);
        for (int i = 1; fits && i < shape.length; i++) {
            fits = shape[i] == expected[i];
        }
        if (!fits) {
            throw misfit(what + " of shape " + Arrays.toString(shape), "shape " + Arrays.toString(expected));
        }
    }

    private static GlintException misfit(String found, String expected) {
        return GlintException.failure(
                Reason.MODEL, found, expected + " as the contract says", "write the model again with exporter export");
    }

    private static FloatBuffer floats(int count) {
        return ByteBuffer.allocateDirect(count * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public void close() {
        inputTensor.close();
        outputTensor.close();
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
