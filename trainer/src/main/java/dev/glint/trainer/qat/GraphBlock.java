package dev.glint.trainer.qat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBaseBlock;
import ai.djl.nn.BlockList;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Executes a graph, step by step: (N, C, H, W) in, (N, classes) out. Its parameters are initialized from the beginning. */
final class GraphBlock extends AbstractBaseBlock {

    /** What a step does with its operands, with gradients in training. */
    @FunctionalInterface
    interface Operation {
        NDArray apply(List<NDArray> operands, boolean training);
    }

    /** A step: some values become one. */
    record Step(Operation operation, List<String> operands, String result) {}

    private final String input;
    private final String output;
    private final List<Step> steps;
    /** The values that nobody needs after a step, which are closed: a gradient keeps what it needs by itself. */
    private final List<List<String>> done;

    private final Map<String, NDArray> constants;
    private final ParameterList parameters = new ParameterList();
    private final Shape outputShape;

    /**
     * A block.
     *
     * @param input the name of the pictures
     * @param output the name of the logits
     * @param steps in an order in which they can run
     * @param constants values that are there before the first step
     * @param parameters others that are, by their names
     * @param classes how many logits a picture gets
     */
    GraphBlock(
            String input,
            String output,
            List<Step> steps,
            Map<String, NDArray> constants,
            Map<String, Parameter> parameters,
            long classes) {
        this.input = input;
        this.output = output;
        this.steps = List.copyOf(steps);
        this.constants = Map.copyOf(constants);
        parameters.forEach(this.parameters::add);
        this.outputShape = new Shape(classes);
        this.done = lastUses();
    }

    private List<List<String>> lastUses() {
        List<List<String>> last = new ArrayList<>();
        Set<String> needed = new HashSet<>(List.of(output, input));
        needed.addAll(constants.keySet());
        needed.addAll(parameters.keys());
        for (int i = steps.size() - 1; i >= 0; i--) {
            List<String> free = new ArrayList<>();
            for (String operand : steps.get(i).operands()) {
                if (needed.add(operand)) {
                    free.add(operand);
                }
            }
            last.add(0, free);
        }
        return last;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> options) {
        NDArray pictures = inputs.singletonOrThrow();
        Map<String, NDArray> values = new HashMap<>(constants);
        parameters.forEach(
                entry -> values.put(entry.getKey(), store.getValue(entry.getValue(), pictures.getDevice(), training)));
        values.put(input, pictures);
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            List<NDArray> operands = step.operands().stream()
                    .map(name -> Objects.requireNonNull(values.get(name), name))
                    .toList();
            NDArray result = step.operation().apply(operands, training);
            result.attach(pictures.getManager());
            values.put(step.result(), result);
            done.get(i)
                    .forEach(name -> Objects.requireNonNull(values.remove(name)).close());
        }
        return new NDList(Objects.requireNonNull(values.get(output)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0].slice(0, 1).addAll(outputShape)};
    }

    @Override
    public BlockList getChildren() {
        return new BlockList();
    }

    @Override
    public ParameterList getDirectParameters() {
        return parameters;
    }
}
