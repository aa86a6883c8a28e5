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
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Blocks one after the other, whose names are exactly those that a PyTorch module gives its children. DJL's own
 * {@code SequentialBlock} numbers its children in a way of its own.
 */
public final class Sequence extends AbstractBaseBlock {
    private final Map<String, Block> children = new LinkedHashMap<>();

    /** Adds a child named by its position, as {@code torch.nn.Sequential} names it. */
    public Sequence add(Block child) {
        return add(Integer.toString(children.size()), child);
    }

    /** Adds a child with the name of its attribute in a PyTorch module; the name is new and has no dot. */
    public Sequence add(String name, Block child) {
        if (name.contains(".") || children.putIfAbsent(name, child) != null) {
            throw new IllegalArgumentException("child name " + name);
        }
        return this;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameters, NDList inputs, boolean training, @Nullable PairList<String, Object> options) {
        NDList current = inputs;
        for (Block child : children.values()) {
            current = child.forward(parameters, current, training);
        }
        return current;
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        Shape[] shapes = inputShapes;
        for (Block child : children.values()) {
            child.initialize(manager, dataType, shapes);
            shapes = child.getOutputShapes(shapes);
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape[] shapes = inputShapes;
        for (Block child : children.values()) {
            shapes = child.getOutputShapes(shapes);
        }
        return shapes;
    }

    @Override
    public BlockList getChildren() {
        BlockList list = new BlockList(children.size());
        children.forEach((name, child) -> list.add(new Pair<>(name, child)));
        return list;
    }

    @Override
    public ParameterList getDirectParameters() {
        return new ParameterList();
    }

    @Override
    public void freezeParameters(boolean freeze) {
        children.values().forEach(child -> child.freezeParameters(freeze));
    }

    @Override
    public void freezeParameters(boolean freeze, java.util.function.Predicate<Parameter> predicate) {
        children.values().forEach(child -> child.freezeParameters(freeze, predicate));
    }
}
