package dev.glint.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.pass.OpsetTarget;
import dev.glint.onnx.trace.Tracer.Trace;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a DJL block as an ONNX file:
 *
 * <pre>{@code
 * OnnxExport.trace(block).input("image", 3, 224, 224).outputs("logits").write(Path.of("model.onnx"));
 * }</pre>
 *
 * <p>The block runs on noise, and what it does to its inputs is written down: lambdas, parallel blocks and blocks of
 * one's own are exported like any other. Batch norm is folded into convolutions, and the file's answers are compared with
 * the block's by ONNX Runtime, for batches of 1 and 3. An operator without counterpart is an error that names it, the
 * code that called it, and what to do.
 */
public final class OnnxExport {
    private final Block block;
    private final List<TracedInput> inputs = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private List<String> outputs = List.of("output");
    private @Nullable Map<String, Parameter> parameterNames;
    private @Nullable NDManager manager;
    private int opset = (int) OnnxModel.OPSET;
    private long batch;

    private OnnxExport(Block block) {
        this.block = block;
    }

    /**
     * Begins an export.
     *
     * @param block initialized, with its weights; it is not changed
     */
    public static OnnxExport trace(Block block) {
        return new OnnxExport(block);
    }

    /**
     * Adds an input of floats, the next one that the block takes.
     *
     * @param name in the file
     * @param sample the shape of one sample, without the batch: C, H, W
     */
    public OnnxExport input(String name, long... sample) {
        inputs.add(new TracedInput(name, DataType.FLOAT32, new Shape(sample)));
        return this;
    }

    /**
     * Adds an input of whole numbers, such as indices of words.
     *
     * @param name in the file
     * @param type {@code INT64}, {@code INT32} or {@code UINT8}
     * @param largest the largest number that occurs; the smallest is 0
     * @param sample the shape of one sample, without the batch
     */
    public OnnxExport input(String name, DataType type, int largest, long... sample) {
        inputs.add(new TracedInput(name, type, new Shape(sample), largest));
        return this;
    }

    /** Names the outputs, as many as the block has, in its order; without it there is one, {@code output}. */
    public OnnxExport outputs(String... names) {
        outputs = List.of(names);
        return this;
    }

    /**
     * Names the block's parameters; without it they have the names that {@link Block#getParameters} gives them.
     *
     * @param names each parameter by its name in the file; what is missing goes by its own name
     */
    public OnnxExport parameterNames(Map<String, Parameter> names) {
        parameterNames = new LinkedHashMap<>(names);
        return this;
    }

    /** The manager that the trace's arrays belong to; without it, that of the block's first parameter. */
    public OnnxExport manager(NDManager owner) {
        manager = owner;
        return this;
    }

    /**
     * The operator set of the file; 17 without it.
     *
     * @param version 15 to 21
     */
    public OnnxExport opset(int version) {
        if (version < OpsetTarget.OLDEST || version > OpsetTarget.NEWEST) {
            throw new IllegalArgumentException(
                    "operator set " + version + ", not " + OpsetTarget.OLDEST + " to " + OpsetTarget.NEWEST);
        }
        opset = version;
        return this;
    }

    /** Fixes the batch of the file; without it any will do. */
    public OnnxExport batch(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a batch of " + size);
        }
        batch = size;
        return this;
    }

    /** Adds a text to the file's metadata. */
    public OnnxExport metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /**
     * The model.
     *
     * @throws GlintException ({@code MODEL}) if the block cannot be exported, ({@code GATE}) if ONNX Runtime answers
     *     otherwise than the block
     */
    public OnnxModel model() {
        if (inputs.isEmpty()) {
            throw new IllegalStateException("no input: call input(name, shape) for each of the block's");
        }
        try (NDManager owner = owner().newSubManager()) {
            Trace trace = Tracer.trace(block, owner, names(), inputs, outputs);
            List<GraphPass> passes = new ArrayList<>(GraphPass.standard());
            passes.add(new OpsetTarget(opset));
            OnnxModel model = model(GraphPass.applyAll(passes, trace.graph()));
            ExportCheck.require(model, trace.answers());
            return batch == 0 ? model : model.withGraph(fixed(model.graph()));
        }
    }

    /**
     * Writes the file; it appears whole or not at all.
     *
     * @throws GlintException as {@link #model} does
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        byte[] bytes = OnnxWriter.write(model());
        AtomicFile.write(AtomicFile.behindLinks(file), bytes);
    }

    private OnnxModel model(Graph graph) {
        OnnxModel plain = OnnxModel.fromGraph(graph, metadata);
        return new OnnxModel(
                graph,
                plain.producerName(),
                plain.producerVersion(),
                new TreeMap<>(Map.of("", (long) opset)),
                plain.metadata());
    }

    private Graph fixed(Graph graph) {
        return new Graph(
                graph.name(),
                graph.inputs().stream().map(this::fixed).toList(),
                graph.outputs().stream().map(this::fixed).toList(),
                graph.nodes(),
                graph.initializers());
    }

    private ValueInfo fixed(ValueInfo value) {
        if (value.shape() == null) {
            return value;
        }
        List<Dimension> shape = new ArrayList<>(value.shape());
        shape.set(0, new Dimension.Fixed(batch));
        return new ValueInfo(value.name(), value.type(), shape);
    }

    private Map<String, Parameter> names() {
        if (parameterNames != null) {
            return parameterNames;
        }
        Map<String, Parameter> names = new LinkedHashMap<>();
        block.getParameters().forEach(parameter -> names.putIfAbsent(parameter.getKey(), parameter.getValue()));
        return names;
    }

    private NDManager owner() {
        if (manager != null) {
            return manager;
        }
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.isInitialized()) {
                NDArray array = parameter.getArray();
                return array.getManager();
            }
            throw GlintException.failure(
                    Reason.MODEL,
                    "a block whose parameter " + parameter.getName() + " has no values",
                    "an initialized block",
                    "call block.initialize(manager, DataType.FLOAT32, shape), or load its weights");
        }
        throw new IllegalStateException("a block without parameters: name the manager with manager(...)");
    }
}
