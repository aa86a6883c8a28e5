package dev.glint.onnx.shape;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Computes a node whose inputs are constants, if it is of those that stand between stored weights and their use. */
public final class ConstantEvaluator {
    private ConstantEvaluator() {}

    /**
     * What a node with one output makes; empty if that is not computed here.
     *
     * @param shapes what is known of the graph; the shape of the output must be among it
     * @param constants gives a constant by its name
     * @throws IllegalArgumentException if the node is not as its operator demands
     */
    public static Optional<Tensor> evaluate(Node node, Shapes shapes, Function<String, Optional<Tensor>> constants) {
        Optional<List<Long>> shape = fixedShape(shapes, node.output());
        List<Tensor> inputs = new ArrayList<>();
        for (String input : node.inputs()) {
            Optional<Tensor> constant = constants.apply(input);
            if (constant.isEmpty() && !input.isEmpty()) {
                return Optional.empty();
            }
            constant.ifPresent(inputs::add);
        }
        return shape.isEmpty() || !node.domain().isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(compute(node, shape.get(), inputs, new Operands(node, shapes)));
    }

    /** A constant with its dimensions in another order, as Transpose has it. */
    public static Tensor transpose(Tensor tensor, List<Long> order) {
        List<Long> shape =
                order.stream().map(axis -> tensor.shape().get(axis.intValue())).toList();
        return Movement.transpose(tensor, shape, Optional.of(order));
    }

    /** The dimensions of a value that has the same for any batch. */
    public static Optional<List<Long>> fixedShape(Shapes shapes, String value) {
        return shapes.shape(value)
                .filter(shape -> shape.stream().noneMatch(Size::perPicture))
                .map(shape -> shape.stream().map(Size::factor).toList());
    }

    /** How many bytes a node's output takes, without making it; empty if that is unknown. */
    public static Optional<Long> outputBytes(Node node, Shapes shapes) {
        int bytes = shapes.type(node.output()).map(ElementType::bytes).orElse(Long.BYTES);
        return shapes.fixedSize(node.output()).map(size -> Math.multiplyExact(size, (long) bytes));
    }

    private static @Nullable Tensor compute(Node node, List<Long> shape, List<Tensor> inputs, Operands operands) {
        return switch (node.op()) {
            case "Constant" -> attributeTensor(node);
            case "ConstantOfShape" -> filled(shape, fillValue(node));
            case "Identity", "Dropout", "Reshape", "Flatten", "Squeeze", "Unsqueeze" ->
                inputs.get(0).withShape(shape);
            case "Cast" -> Conversion.convert(inputs.get(0), ElementType.fromCode((int) node.integer("to", 0)));
            case "Transpose" -> Movement.transpose(inputs.get(0), shape, node.integers("perm"));
            case "Expand" -> Movement.expand(inputs.get(0), shape);
            case "Concat" -> Movement.concatenate(inputs, shape, operands.axis(1, operands.shape(0)));
            case "Slice" -> Movement.slice(inputs.get(0), shape, Slices.read(operands, shape.size()));
            case "Gather" -> Movement.gather(inputs.get(0), inputs.get(1), shape, operands.axis(0, operands.shape(0)));
            default -> Arithmetic.compute(node.op(), shape, inputs);
        };
    }

    private static Tensor filled(List<Long> shape, Tensor value) {
        return Movement.expand(value.withShape(List.of()), shape);
    }

    private static Tensor fillValue(Node node) {
        return node.attributes().get("value") instanceof Attribute.Constant constant
                ? constant.value()
                : Tensor.scalar(0);
    }

    /** What a Constant or ConstantOfShape holds; null if nobody knows. */
    static @Nullable ElementType evaluatedType(Node node) {
        if (node.op().equals("ConstantOfShape")) {
            return fillValue(node).type();
        }
        return node.attributes().isEmpty() ? null : attributeTensor(node).type();
    }

    /** What a Constant holds, in any of the forms that it may have since operator set 12. */
    static Tensor attributeTensor(Node node) {
        for (Attribute attribute : node.attributes().values()) {
            if (attribute instanceof Attribute.Constant constant) {
                return constant.value();
            } else if (attribute instanceof Attribute.Real real) {
                return Tensor.scalar(real.value());
            } else if (attribute instanceof Attribute.Int integer) {
                return Tensor.longs(integer.value()).withShape(List.of());
            } else if (attribute instanceof Attribute.Ints list) {
                return Tensor.longs(
                        list.values().stream().mapToLong(Long::longValue).toArray());
            } else if (attribute instanceof Attribute.Reals list) {
                float[] values = new float[list.values().size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = list.values().get(i);
                }
                return Tensor.floats(List.of((long) values.length), values);
            }
        }
        throw new IllegalArgumentException("a constant without numbers");
    }
}
