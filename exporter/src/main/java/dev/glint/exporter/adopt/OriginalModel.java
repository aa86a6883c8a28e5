package dev.glint.exporter.adopt;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.platform.Fp16Conversions;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.inference.TypedTensors;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.engine.ort.OnnxRuntime;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A foreign file as it is, in ONNX Runtime, with what lies beside it; without what its reader left out, since nobody looked at
 * that. Close it to free the session.
 */
final class OriginalModel implements AutoCloseable {
    /** Where tensors are looked for that are not in the file's bytes. */
    private static final String FOLDER = "session.model_external_initializers_file_folder_path";

    private final OrtSession session;
    private final PictureInput input;
    private final String output;

    private OriginalModel(OrtSession session, PictureInput input, String output) {
        this.session = session;
        this.input = input;
        this.output = output;
    }

    /**
     * Opens the file that was adopted.
     *
     * @throws GlintException ({@code MODEL}) if ONNX Runtime refuses it
     * @throws IOException if it cannot be read
     */
    static OriginalModel open(Adoption adoption) throws IOException {
        Path file = adoption.file();
        OnnxRuntime.environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.addConfigEntry(
                    FOLDER,
                    Objects.requireNonNull(file.toAbsolutePath().getParent()).toString());
            byte[] bytes = adoption.foreign().whole()
                    ? Files.readAllBytes(file)
                    : OnnxWriter.write(withOneOutput(adoption.foreign().model(), adoption.output()));
            return new OriginalModel(
                    OnnxRuntime.environment().createSession(bytes, options), adoption.input(), adoption.output());
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    /** The values that labels were made of are outputs of a type that nobody knows yet. */
    private static OnnxModel withOneOutput(OnnxModel model, String output) {
        return model.withGraph(model.graph()
                .withOutputs(model.graph().outputs().stream()
                        .filter(value -> value.name().equals(output))
                        .toList()));
    }

    /**
     * Runs it.
     *
     * @param picture (C, H, W) as the imported model takes it
     * @return the elements of the output
     */
    float[] run(FloatBuffer picture, int height, int width) {
        int channels = input.channels();
        boolean planes = input.layout() == Layout.NCHW;
        long[] shape = planes ? new long[] {1, channels, height, width} : new long[] {1, height, width, channels};
        FloatBuffer values = planes ? picture.duplicate() : interleaved(picture, channels, height * width);
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OnnxTensor tensor = OnnxTensor.createTensor(
                        environment, elements(values), shape, TypedTensors.javaType(input.type()));
                OrtSession.Result result = session.run(Map.of(input.name(), tensor), Set.of(output))) {
            OnnxTensor answer = (OnnxTensor) result.get(0);
            float[] answers = new float[Math.toIntExact(answer.getInfo().getNumElements())];
            if (answer.getInfo().type == OnnxJavaType.DOUBLE) {
                for (int i = 0; i < answers.length; i++) {
                    answers[i] = (float) answer.getDoubleBuffer().get(i);
                }
            } else {
                answer.getFloatBuffer().get(answers);
            }
            return answers;
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    private static FloatBuffer interleaved(FloatBuffer planes, int channels, int pixels) {
        FloatBuffer values = FloatBuffer.allocate(channels * pixels);
        for (int i = 0; i < pixels; i++) {
            for (int c = 0; c < channels; c++) {
                values.put(planes.get(planes.position() + c * pixels + i));
            }
        }
        return values.flip();
    }

    private ByteBuffer elements(FloatBuffer values) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(
                        values.remaining() * input.type().bytes())
                .order(ByteOrder.nativeOrder());
        while (values.hasRemaining()) {
            float value = values.get();
            switch (input.type()) {
                case FLOAT16 -> bytes.putShort(Fp16Conversions.floatToFp16(value));
                case DOUBLE -> bytes.putDouble(value);
                case UINT8 -> bytes.put((byte) Math.round(value));
                default -> bytes.putFloat(value);
            }
        }
        return bytes.flip();
    }

    private static GlintException refused(OrtException e) {
        return GlintException.failure(
                        Reason.MODEL,
                        "a model that ONNX Runtime refuses (" + e.getMessage() + ")",
                        "a model that runs",
                        "export it again, and try ONNX's checker on it")
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
