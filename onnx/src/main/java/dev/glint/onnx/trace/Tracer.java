package dev.glint.onnx.trace;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.FreshNames;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Exports any block by tracing: the block runs in inference mode on recording arrays, and what it does to its input is
 * written down as ONNX operators (operator set 17). It runs twice, with two batches of different size that have pictures
 * of noise in common, so that the graph takes batches of any size, and pictures that are answered alike in both. The
 * block's own arrays stay as they are; each is copied once.
 */
public final class Tracer {
    /** The name of the graph's only output. */
    public static final String OUTPUT = "logits";

    private static final String BATCH = "N";

    private final NDManager owner;
    private final Block block;
    private final String inputName;
    private final long[] pictureShape;
    private final Map<Parameter, String> names = new IdentityHashMap<>();
    private final Map<String, Tensor> weights = new HashMap<>();

    private Tracer(
            NDManager owner, Block block, Map<String, Parameter> parameters, String inputName, long... pictureShape) {
        this.owner = owner;
        this.block = block;
        this.inputName = inputName;
        this.pictureShape = pictureShape;
        FreshNames fresh = new FreshNames();
        fresh.reserve(List.of(inputName, OUTPUT));
        parameters.forEach((name, parameter) -> names.put(parameter, fresh.allocate(name)));
    }

    /**
     * Traces a block. Its parameters keep the names that they are given, but for those that the input or the output has;
     * parameters that are not named go by their own names, with a number behind what is taken.
     *
     * @param block initialized, with one input of shape (N, C, H, W) and one output of shape (N, K)
     * @param manager of the engine that the block's weights belong to
     * @param parameters the block's parameters by the names that they are to have in the file
     * @param inputName the name of the graph's input
     * @param pictureShape C, H, W
     * @throws GlintException ({@code MODEL}) naming the operator, if the block uses one without counterpart in ONNX, reads
     *     values that depend on its input, changes its own arrays, or does not treat every picture of a batch alike
     */
    public static Graph trace(
            Block block, NDManager manager, Map<String, Parameter> parameters, String inputName, long... pictureShape) {
        return new Tracer(manager, block, parameters, inputName, pictureShape).graph();
    }

    private Graph graph() {
        NoiseBatch noise = new NoiseBatch(pictureShape);
        Run two = run(noise, 0, 1);
        Run three = run(noise, 2, 1, 0);
        if (two.classes() != three.classes()) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "a block whose output depends on the batch size",
                    "logits of shape (N, K)",
                    "keep the batch as the first dimension throughout the block");
        }
        BatchMerge merged = BatchMerge.merge(two.recorder(), three.recorder(), inputName);
        NoiseBatch.requireAlike(List.of(two.logits(0), two.logits(1)), List.of(three.logits(2), three.logits(1)));
        List<Dimension> input = new ArrayList<>(List.of(new Dimension.Free(BATCH)));
        LongStream.of(pictureShape).forEach(size -> input.add(new Dimension.Fixed(size)));
        List<Dimension> output = List.of(new Dimension.Free(BATCH), new Dimension.Fixed(two.classes()));
        return new Graph(
                "classifier",
                List.of(new ValueInfo(inputName, ElementType.FLOAT, input)),
                List.of(new ValueInfo(OUTPUT, ElementType.FLOAT, output)),
                merged.nodes(),
                merged.initializers());
    }

    private record Run(Recorder recorder, int classes, float[] allLogits) {
        float[] logits(int picture) {
            return Arrays.copyOfRange(allLogits, picture * classes, (picture + 1) * classes);
        }
    }

    private Run run(NoiseBatch noise, int... pictures) {
        try (NDManager manager = owner.newSubManager()) {
            Recorder recorder = new Recorder(taken(), weights);
            Proxies proxies = new Proxies(recorder);
            NDArray batch = manager.create(
                    noise.pictures(pictures), new Shape(pictures.length).addAll(new Shape(pictureShape)));
            NDArray input = proxies.array(RecordedArray.traced(batch, inputName));
            NDList outputs = block.forward(new Parameters(manager, proxies), new NDList(input), false);
            return finished(recorder, pictures.length, outputs);
        } catch (Unsupported e) {
            throw e.toGlintException();
        }
    }

    private List<String> taken() {
        List<String> taken = new ArrayList<>(names.values());
        taken.addAll(List.of(inputName, OUTPUT));
        return taken;
    }

    private static Run finished(Recorder recorder, int batch, NDList outputs) {
        RecordedArray output = outputs.size() == 1 ? Proxies.recorded(outputs.get(0)) : null;
        if (output == null
                || !output.isTraced()
                || output.isStale()
                || output.rank() != 2
                || output.shape()[0] != batch) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "a block with output " + outputs + (output != null && output.isStale() ? ", changed in place" : ""),
                    "one array of logits of shape (N, K), computed from the picture",
                    "end the block with a linear layer over the flattened features");
        }
        recorder.output(recorder.value(output), OUTPUT);
        float[] logits = output.real().toType(DataType.FLOAT32, false).toFloatArray();
        return new Run(recorder, (int) output.shape()[1], logits);
    }

    /** Hands out the block's parameters as named constants. */
    private final class Parameters extends ParameterStore {
        private final NDManager manager;
        private final Proxies proxies;

        Parameters(NDManager manager, Proxies proxies) {
            super(manager, false);
            this.manager = manager;
            this.proxies = proxies;
        }

        @Override
        public @Nullable NDArray getValue(@Nullable Parameter parameter, Device device, boolean training) {
            if (parameter == null) {
                return null;
            }
            String name = names.computeIfAbsent(parameter, this::unregistered);
            proxies.recorder().visit(name);
            return proxies.array(RecordedArray.parameter(parameter.getArray(), name));
        }

        private String unregistered(Parameter parameter) {
            return proxies.recorder().valueName(Objects.requireNonNullElse(parameter.getName(), "parameter"));
        }

        @Override
        public NDManager getManager() {
            return proxies.manager(manager);
        }
    }
}
