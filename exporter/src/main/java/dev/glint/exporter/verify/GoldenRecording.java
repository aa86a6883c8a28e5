package dev.glint.exporter.verify;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.golden.GoldenSample;
import dev.glint.runtime.golden.GoldenSamples;
import dev.glint.runtime.image.Image;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Puts golden samples into a model: what it makes of a few pictures on this machine, and how far others may be off. */
public final class GoldenRecording {
    private GoldenRecording() {}

    /**
     * A picture that shall travel inside the model.
     *
     * @param name what people call it
     * @param encoded its bytes
     */
    public record Picture(String name, byte[] encoded) {}

    /**
     * The same model with golden samples in its metadata, in the place of those that it had.
     *
     * @throws GlintException ({@code INPUT}, {@code LIMIT}) naming the picture if one cannot be decoded
     */
    public static OnnxModel into(OnnxModel model, PreprocessContract contract, List<Picture> pictures) {
        return model.withMetadata(
                GoldenSamples.METADATA_KEY, record(model, contract, pictures).toJson());
    }

    private static GoldenSamples record(OnnxModel model, PreprocessContract contract, List<Picture> pictures) {
        long[] shape = {1, contract.channels(), contract.height(), contract.width()};
        Preprocessor preprocessor = new Preprocessor(contract);
        List<FloatBuffer> tensors = new ArrayList<>();
        List<float[]> logits = new ArrayList<>();
        List<GoldenSample> samples = new ArrayList<>();
        try (OnnxSession session = OnnxSession.open(model, 1)) {
            for (Picture picture : pictures) {
                Image image = decoded(picture, contract);
                FloatBuffer tensor = ByteBuffer.allocateDirect(contract.tensorSize() * Float.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
                preprocessor.preprocess(image, tensor);
                tensors.add(tensor.flip());
                logits.add(session.run(tensor, shape).values().iterator().next());
                samples.add(new GoldenSample(
                        picture.name(),
                        picture.encoded(),
                        GoldenSample.tensorSha256(image, contract),
                        logits.get(logits.size() - 1)));
            }
        }
        return new GoldenSamples(LogitTolerance.derive(model, tensors, logits, shape), samples);
    }

    private static Image decoded(Picture picture, PreprocessContract contract) {
        try {
            return ImageDecoder.decode(picture.encoded(), contract.decodeOptions());
        } catch (GlintException e) {
            throw e.about(picture.name());
        }
    }
}
