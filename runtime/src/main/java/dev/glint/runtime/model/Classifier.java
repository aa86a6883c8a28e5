package dev.glint.runtime.model;

import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.EncodedPicture;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.raw.RawPixels;
import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.io.InputStream;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Classifies pictures with a {@link Model}, one at a time or several, through buffers outside the heap that every call uses
 * again. For one thread at a time: a second one that calls it meanwhile gets an {@link IllegalStateException}, as does
 * whoever calls it when it is closed. Close it to free the buffers.
 */
public final class Classifier implements AutoCloseable {

    private enum State {
        IDLE,
        BUSY,
        CLOSED
    }

    private final Path file;
    private final PreprocessContract contract;
    private final Preprocessor preprocessor;
    private final SharedSession session;
    private final Binding binding;
    private final int batch;
    private final @Nullable Binding batchBinding;
    private Timings timings = Timings.NONE;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

    /**
     * Takes the bindings over.
     *
     * @param binding for one picture
     * @param batch for how many pictures the other one is
     */
    Classifier(
            Path file,
            PreprocessContract contract,
            SharedSession session,
            Binding binding,
            int batch,
            @Nullable Binding batchBinding) {
        this.file = file;
        this.contract = contract;
        this.preprocessor = new Preprocessor(contract);
        this.binding = binding;
        this.batch = batch;
        this.batchBinding = batchBinding;
        this.session = session;
        session.retain();
    }

    /** Opens a model with {@link Model.Options#defaults()} for one classifier, which closes it. */
    public static Classifier open(Path model) {
        return open(model, Model.Options.defaults());
    }

    /**
     * Opens a model for one classifier, which closes it.
     *
     * @param model an ONNX file written by the exporter, or a model folder (see {@link ModelFolder#select})
     * @throws GlintException as {@link Model#open(Path, Model.Options)}
     */
    public static Classifier open(Path model, Model.Options options) {
        try (Model opened = Model.open(model, options)) {
            return opened.newClassifier();
        }
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
        long start = System.nanoTime();
        return classify(ImageDecoder.decode(picture, contract.decodeOptions()), start, topK);
    }

    /**
     * Decodes and classifies the bytes of a picture file.
     *
     * @throws GlintException ({@code INPUT}, {@code LIMIT}) if they cannot be decoded
     */
    public Prediction classify(byte[] picture, int topK) {
        long start = System.nanoTime();
        return classify(ImageDecoder.decode(picture, contract.decodeOptions()), start, topK);
    }

    /**
     * Reads a stream to its end, decodes and classifies what it gives; it stays open.
     *
     * @throws GlintException ({@code INPUT}, {@code LIMIT}) if it cannot be read or decoded
     */
    public Prediction classify(InputStream picture, int topK) {
        long start = System.nanoTime();
        DecodeOptions options = contract.decodeOptions();
        Image image =
                EncodedPicture.read(picture, "the stream", options.limits()).decode(options);
        return classify(image, start, topK);
    }

    /** Classifies what a camera delivered. */
    public Prediction classify(RawPixels pixels, int topK) {
        long start = System.nanoTime();
        return classify(pixels.toImage(), start, topK);
    }

    private Prediction classify(Image image, long start, int topK) {
        long decodeNanos = System.nanoTime() - start;
        Prediction prediction = classify(image, topK);
        timings = timings.plus(new Timings(decodeNanos, 0, 0));
        return prediction;
    }

    /** Classifies a decoded picture. */
    public Prediction classify(Image image, int topK) {
        return prediction(logits(image), topK);
    }

    /**
     * Classifies decoded pictures, as many at a time as {@link Model#newClassifier(int)} was asked for, and those that are left
     * over one by one. Each is best decoded by the contract's {@link PreprocessContract#decodeOptions()}.
     *
     * @return a prediction for each, in their order
     * @throws GlintException as {@link #logits(Image)}
     */
    public List<Prediction> classifyAll(List<Image> images, int topK) {
        List<Prediction> predictions = new ArrayList<>(images.size());
        Timings sum = Timings.NONE;
        Binding many = batchBinding;
        int next = 0;
        while (next < images.size()) {
            Binding running = many != null && next + batch <= images.size() ? many : binding;
            int end = running == binding ? next + 1 : next + batch;
            List<Image> some = images.subList(next, end);
            for (float[] output :
                    run(running, some.size(), input -> some.forEach(image -> preprocessor.preprocess(image, input)))) {
                predictions.add(prediction(output, topK));
            }
            sum = sum.plus(timings);
            next = end;
        }
        timings = sum;
        return predictions;
    }

    private Prediction prediction(float[] output, int topK) {
        return Prediction.fromOutput(contract.output(), output, contract.labels(), topK);
    }

    /** What the last call took that gave an answer; of several pictures, all together. */
    public Timings timings() {
        return timings;
    }

    /**
     * The logits of a decoded picture, one per label; probabilities, if that is what the model gives.
     *
     * @throws GlintException ({@code MODEL}) naming the model if it fails or gives what cannot be such a value
     */
    public float[] logits(Image image) {
        return run(input -> preprocessor.preprocess(image, input));
    }

    /**
     * The same, for who also wants to see what the model sees.
     *
     * @param pixels is shown the picture as {@link Preprocessor#toPixels} leaves it, before the model runs
     * @throws GlintException as {@link #logits(Image)}
     */
    public float[] logits(Image image, Consumer<Image> pixels) {
        return run(input -> {
            Image seen = preprocessor.toPixels(image);
            pixels.accept(seen);
            preprocessor.toTensor(seen, input);
        });
    }

    /**
     * The logits of a tensor that was preprocessed already.
     *
     * @param tensor values of the contract's shape, in a {@link FloatBuffer}, or in a {@link ByteBuffer} where the model takes
     *     bytes, from its position to its limit; both stay
     * @throws IllegalArgumentException if there are more or fewer values than the contract's tensor has, or others
     * @throws GlintException as {@link #logits(Image)}
     */
    public float[] logits(Buffer tensor) {
        if (tensor.remaining() != contract.tensorSize()) {
            throw new IllegalArgumentException(
                    "a tensor of " + tensor.remaining() + " values, expected " + contract.tensorSize());
        }
        return run(input -> {
            if (input instanceof FloatBuffer floats && tensor instanceof FloatBuffer values) {
                floats.put(values.duplicate());
            } else if (input instanceof ByteBuffer bytes && tensor instanceof ByteBuffer values) {
                bytes.put(values.duplicate());
            } else {
                throw new IllegalArgumentException("a tensor in a " + tensor + " for " + contract.elementType());
            }
        });
    }

    /** The output for whatever the caller fills the input of one picture with. */
    float[] run(Consumer<Buffer> fill) {
        return run(binding, 1, fill)[0];
    }

    private float[][] run(Binding used, int pictures, Consumer<Buffer> fill) {
        if (!state.compareAndSet(State.IDLE, State.BUSY)) {
            throw unusable();
        }
        try {
            long start = System.nanoTime();
            fill.accept(contract.elementType() == ElementType.UINT8 ? used.byteInput() : used.input());
            long filled = System.nanoTime();
            used.run();
            float[][] outputs = new float[pictures][];
            FloatBuffer output = used.output();
            for (int i = 0; i < pictures; i++) {
                outputs[i] = checked(output);
            }
            timings = new Timings(0, filled - start, System.nanoTime() - filled);
            return outputs;
        } finally {
            state.set(State.IDLE);
        }
    }

    private float[] checked(FloatBuffer output) {
        float[] values = new float[contract.labels().size()];
        output.get(values);
        Optional<String> flaw = contract.output().flaw(values);
        if (flaw.isPresent()) {
            throw GlintException.failure(
                    Reason.MODEL,
                    flaw.get() + " from " + file,
                    contract.output().expectation(),
                    "fit and export the model again");
        }
        return values;
    }

    private IllegalStateException unusable() {
        return new IllegalStateException(
                state.get() == State.CLOSED
                        ? "the classifier is closed"
                        : "two threads use one classifier; each needs its own, from Model.newClassifier");
    }

    /**
     * Frees the buffers and lets go of the model. Closing twice does nothing.
     *
     * @throws IllegalStateException if another thread is classifying
     */
    @Override
    public void close() {
        if (state.compareAndSet(State.IDLE, State.CLOSED)) {
            if (batchBinding != null) {
                batchBinding.close();
            }
            binding.close();
            session.release();
        } else if (state.get() != State.CLOSED) {
            throw unusable();
        }
    }
}
