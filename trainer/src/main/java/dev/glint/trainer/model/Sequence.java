package dev.glint.trainer.model;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBaseBlock;
import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Blocks one after the other, whose names are exactly those that a PyTorch module gives its children. DJL's own
 * {@code SequentialBlock} numbers its children in a way of its own.
 *
 * <p>What a block computes on the way to its output is freed as soon as the block is done, and its output as soon as the
 * next one is; what the backward pass needs, the engine keeps by itself. Only the output of the last block stays, with
 * the manager of the input. No block may give out an array that it goes on using, such as one of its parameters.
 */
public final class Sequence extends AbstractBaseBlock {
    private record Step(@Nullable String name, Block block) {}

    private final List<Step> steps = new ArrayList<>();

    /** Adds a child named by its position, as {@code torch.nn.Sequential} names it. */
    public Sequence add(Block child) {
        return add(Integer.toString(steps.size()), child);
    }

    /** Adds a child with the name of its attribute in a PyTorch module; the name is new and has no dot. */
    public Sequence add(String name, Block child) {
        if (name.isEmpty() || name.contains(".") || steps.stream().anyMatch(step -> name.equals(step.name))) {
            throw new IllegalArgumentException("child name " + name);
        }
        steps.add(new Step(name, child));
        return this;
    }

    /**
     * Adds a block without a name of its own: its children and parameters count as this one's. So a PyTorch module is
     * described that does more in its {@code forward} than to call its children one after the other.
     */
    public Sequence inline(Block block) {
        steps.add(new Step(null, block));
        return this;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameters, NDList inputs, boolean training, @Nullable PairList<String, Object> options) {
        NDManager owner = inputs.head().getManager();
        NDList current = inputs;
        for (Step step : steps) {
            try (NDManager scratch = owner.newSubManager()) {
                current.attach(scratch);
                try {
                    current = step.block.forward(parameters, current, training);
                } finally {
                    inputs.attach(owner);
                }
                current.attach(owner);
            }
        }
        return current;
    }

    /** Unlike DJL's it leaves the parameters of inlined blocks to the blocks that have them. */
    @Override
    public void initialize(NDManager manager, DataType dataType, Shape... inputShapes) {
        beforeInitialize(inputShapes);
        initializeChildBlocks(manager, dataType, inputShapes);
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        Shape[] shapes = inputShapes;
        for (Step step : steps) {
            step.block.initialize(manager, dataType, shapes);
            shapes = step.block.getOutputShapes(shapes);
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape[] shapes = inputShapes;
        for (Step step : steps) {
            shapes = step.block.getOutputShapes(shapes);
        }
        return shapes;
    }

    /** As DJL answers it, without listing all parameters: every forward pass in training asks every block. */
    @Override
    public boolean isInitialized() {
        return inputShapes != null && steps.stream().allMatch(step -> step.block.isInitialized());
    }

    /** The blocks in the order they run, each with its name; an inlined one has an empty name. */
    public List<Pair<String, Block>> steps() {
        return steps.stream()
                .map(step -> new Pair<>(step.name == null ? "" : step.name, step.block))
                .toList();
    }

    @Override
    public BlockList getChildren() {
        BlockList list = new BlockList(steps.size());
        for (Step step : steps) {
            if (step.name == null) {
                list.addAll(step.block.getChildren());
            } else {
                list.add(new Pair<>(step.name, step.block));
            }
        }
        return list;
    }

    @Override
    public ParameterList getDirectParameters() {
        ParameterList list = new ParameterList();
        for (Step step : steps) {
            if (step.name == null) {
                list.addAll(step.block.getDirectParameters());
            }
        }
        return list;
    }

    @Override
    public void freezeParameters(boolean freeze) {
        steps.forEach(step -> step.block.freezeParameters(freeze));
    }

    @Override
    public void freezeParameters(boolean freeze, Predicate<Parameter> predicate) {
        steps.forEach(step -> step.block.freezeParameters(freeze, predicate));
    }
}
