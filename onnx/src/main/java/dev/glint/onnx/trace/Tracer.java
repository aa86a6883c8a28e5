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
import org.jspecify.annotations.Nullable;

/**
 * Exports any block by tracing: the block runs in inference mode on recording arrays, and what it does to its inputs is
 * written down as ONNX operators (operator set 17). It runs for two batches of different size that have pictures of noise
 * in common, so that the graph takes batches of any size, and pictures that are answered alike in both. The block's own
 * arrays stay as they are; each is copied once.
 */
public final class Tracer {
    /** The name of the only output of a classifier. */
    public static final String OUTPUT = "logits";

    private static final String BATCH = "N";

    private final NDManager owner;
    private final Block block;
    private final List<TracedInput> inputs;
    private final List<String> outputs;
    private final IdentityHashMap<Parameter, String> names = new IdentityHashMap<>();
    private final Map<String, Tensor> weights = new HashMap<>();

    private Tracer(
            NDManager owner,
            Block block,
            Map<String, Parameter> parameters,
            List<TracedInput> inputs,
            List<String> outputs) {
        this.owner = owner;
        this.block = block;
        this.inputs = inputs;
        this.outputs = outputs;
        FreshNames fresh = new FreshNames();
        inputs.forEach(input -> fresh.reserve(List.of(input.name())));
        fresh.reserve(outputs);
        parameters.forEach((name, parameter) -> names.put(parameter, fresh.allocate(name)));
    }

    /**
     * Traces a classifier. Its parameters keep the names that they are given, but for those that the input or the output
     * has; parameters that are not named go by their own names, with a number behind what is taken.
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
        TracedInput picture = new TracedInput(inputName, DataType.FLOAT32, new Shape(pictureShape));
        Trace trace = trace(block, manager, parameters, List.of(picture), List.of(OUTPUT));
        if (trace.answers().get(0).outputs().get(0).shape().size() != 2) {
            throw output("output " + trace.answers().get(0).outputs().get(0));
        }
        return trace.graph();
    }

    /**
     * Traces a block with any number of inputs and outputs.
     *
     * @param outputs a name for each output of the block, in its order
     * @return the graph, and what the block answered for batches of 1 and of 3
     */
    static Trace trace(
            Block block,
            NDManager manager,
            Map<String, Parameter> parameters,
            List<TracedInput> inputs,
            List<String> outputs) {
        return new Tracer(manager, block, parameters, inputs, outputs).trace();
    }

    /**
     * A graph, and what it must answer.
     *
     * @param answers of the block, for batches of 1 and of 3 samples
     */
    record Trace(Graph graph, List<Answer> answers) {}

    /**
     * What a block answered.
     *
     * @param inputs in the order of the graph's, the batch first
     * @param outputs in the order of the graph's, the batch first
     */
    record Answer(List<Tensor> inputs, List<Tensor> outputs) {}

    private Trace trace() {
        Run two = run(0, 1);
        Run three = run(2, 1, 0);
        BatchMerge merged =
                BatchMerge.merge(two.recorder(), three.recorder(), inputs.get(0).name());
        List<ValueInfo> made = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            Tensor output = two.answer().outputs().get(i);
            requireSameSample(output, three.answer().outputs().get(i));
            made.add(value(outputs.get(i), output));
            NoiseBatch.requireAlike(
                    List.of(two.sample(i, 0), two.sample(i, 1)), List.of(three.sample(i, 2), three.sample(i, 1)));
        }
        List<ValueInfo> taken = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            taken.add(value(inputs.get(i).name(), two.answer().inputs().get(i)));
        }
        Graph graph = new Graph("classifier", taken, made, merged.nodes(), merged.initializers());
        return new Trace(graph, List.of(run(3).answer(), three.answer()));
    }

    private static ValueInfo value(String name, Tensor tensor) {
        List<Dimension> shape = new ArrayList<>(List.of(new Dimension.Free(BATCH)));
        tensor.shape().stream().skip(1).forEach(size -> shape.add(new Dimension.Fixed(size)));
        return new ValueInfo(name, tensor.type(), shape);
    }

    private static void requireSameSample(Tensor two, Tensor three) {
        List<Long> one = two.shape().subList(1, two.shape().size());
        if (!one.equals(three.shape().subList(1, three.shape().size()))) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "a block whose output depends on the batch size",
                    "logits of shape (N, K)",
                    "keep the batch as the first dimension throughout the block");
        }
    }

    private record Run(Recorder recorder, Answer answer) {
        /** What the block made of one sample of the batch. */
        float[] sample(int output, int number) {
            Tensor all = answer.outputs().get(output);
            int size = all.size() / (int) (long) all.shape().get(0);
            float[] values = NoiseBatch.floats(all);
            return Arrays.copyOfRange(values, number * size, (number + 1) * size);
        }
    }

    private Run run(int... samples) {
        try (NDManager manager = owner.newSubManager()) {
            Recorder recorder = new Recorder(taken(), weights);
            Proxies proxies = new Proxies(recorder);
            NDList given = new NDList();
            List<Tensor> tensors = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                NDArray batch = new NoiseBatch(inputs.get(i), i).create(manager, samples);
                tensors.add(Recorder.tensor(batch));
                given.add(
                        proxies.array(RecordedArray.traced(batch, inputs.get(i).name())));
            }
            NDList results = block.forward(new Parameters(manager, proxies), given, false);
            return new Run(recorder, new Answer(tensors, finished(recorder, samples.length, results)));
        } catch (Unsupported e) {
            throw e.toGlintException();
        }
    }

    private List<String> taken() {
        List<String> taken = new ArrayList<>(names.values());
        inputs.forEach(input -> taken.add(input.name()));
        taken.addAll(outputs);
        return taken;
    }

    private List<Tensor> finished(Recorder recorder, int batch, NDList results) {
        if (results.size() != outputs.size()) {
            throw output(results.size() + " outputs for " + outputs.size() + " names");
        }
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            RecordedArray result = Proxies.recorded(results.get(i));
            if (!result.isTraced() || result.isStale() || result.rank() < 1 || result.shape()[0] != batch) {
                throw output("output " + result + (result.isStale() ? ", changed in place" : ""));
            }
            recorder.output(recorder.value(result), outputs.get(i));
            tensors.add(Recorder.tensor(result.real()));
        }
        return tensors;
    }

    private static GlintException output(String found) {
        return GlintException.failure(
                Reason.MODEL,
                "a block with " + found,
                "one array of logits of shape (N, K), computed from the picture",
                "end the block with a linear layer over the flattened features; other outputs are for OnnxExport.outputs,"
                        + " and have the batch as their first dimension");
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
