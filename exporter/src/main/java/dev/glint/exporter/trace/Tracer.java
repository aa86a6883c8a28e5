package dev.glint.exporter.trace;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.glint.exporter.graph.ElementType;
import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.ValueInfo;
import dev.glint.exporter.graph.ValueInfo.Dimension;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.weights.block.StateDict;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Exports any block by tracing: the block runs in inference mode on recording arrays, and what it does to its input is
 * written down as ONNX operators (operator set 17). It runs twice, with two batch sizes, so that the graph takes
 * batches of any size.
 */
public final class Tracer {
    /** The name of the graph's only output. */
    public static final String OUTPUT = "logits";

    private static final String BATCH = "N";

    private Tracer() {}

    /**
     * Traces a block. Its parameters keep the names that {@link StateDict} gives them.
     *
     * @param block initialized, with one input of shape (N, C, H, W) and one output of shape (N, K)
     * @param manager of the engine that the block's weights belong to
     * @param inputName the name of the graph's input
     * @param pictureShape C, H, W
     * @throws GlintException ({@code MODEL}) naming the operator, if the block uses one without counterpart in ONNX,
     *     reads values that depend on its input, or does not treat every picture of a batch alike
     */
    public static Graph trace(Block block, NDManager manager, String inputName, long... pictureShape) {
        Map<Parameter, String> names = new IdentityHashMap<>();
        StateDict.parameters(block).forEach((name, parameter) -> names.put(parameter, name));
        Run two = run(block, names, manager, inputName, 2, pictureShape);
        Run three = run(block, names, manager, inputName, 3, pictureShape);
        if (two.classes() != three.classes()) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "a block whose output depends on the batch size",
                    "logits of shape (N, K)",
                    "keep the batch as the first dimension throughout the block");
        }
        List<Dimension> input = new ArrayList<>(List.of(new Dimension.Free(BATCH)));
        LongStream.of(pictureShape).forEach(size -> input.add(new Dimension.Fixed(size)));
        List<Dimension> output = List.of(new Dimension.Free(BATCH), new Dimension.Fixed(two.classes()));
        return new Graph(
                "classifier",
                List.of(new ValueInfo(inputName, ElementType.FLOAT, input)),
                List.of(new ValueInfo(OUTPUT, ElementType.FLOAT, output)),
                two.recorder().nodes(),
                BatchMerge.merge(two.recorder(), three.recorder()));
    }

    private record Run(Recorder recorder, long classes) {}

    private static Run run(
            Block block,
            Map<Parameter, String> names,
            NDManager owner,
            String inputName,
            int batch,
            long... pictureShape) {
        try (NDManager manager = owner.newSubManager()) {
            Recorder recorder = new Recorder();
            Proxies proxies = new Proxies(recorder);
            NDArray pictures = manager.ones(new Shape(batch).addAll(new Shape(pictureShape)));
            NDArray input = proxies.array(RecordedArray.traced(pictures, inputName));
            NDList outputs = block.forward(new Parameters(manager, proxies, names), new NDList(input), false);
            return finished(recorder, batch, outputs);
        } catch (Unsupported e) {
            throw e.toGlintException();
        }
    }

    private static Run finished(Recorder recorder, int batch, NDList outputs) {
        RecordedArray output = outputs.size() == 1 ? Proxies.recorded(outputs.get(0)) : null;
        if (output == null || !output.isTraced() || output.rank() != 2 || output.shape()[0] != batch) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "a block with output " + outputs,
                    "one array of logits of shape (N, K), computed from the picture",
                    "end the block with a linear layer over the flattened features");
        }
        recorder.output(recorder.value(output), OUTPUT);
        return new Run(recorder, output.shape()[1]);
    }

    /** Hands out the block's parameters as named constants. */
    private static final class Parameters extends ParameterStore {
        private final NDManager manager;
        private final Proxies proxies;
        private final Recorder recorder;
        private final Map<Parameter, String> names;

        Parameters(NDManager manager, Proxies proxies, Map<Parameter, String> names) {
            super(manager, false);
            this.manager = manager;
            this.proxies = proxies;
            this.recorder = proxies.recorder();
            this.names = names;
        }

        @Override
        public @Nullable NDArray getValue(@Nullable Parameter parameter, Device device, boolean training) {
            if (parameter == null) {
                return null;
            }
            String name = names.getOrDefault(parameter, parameter.getName());
            recorder.visit(name);
            return proxies.array(RecordedArray.parameter(parameter.getArray(), name));
        }

        @Override
        public NDManager getManager() {
            return proxies.manager(manager);
        }
    }
}
