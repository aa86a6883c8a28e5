package dev.glint.onnx.shape;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.shape.Shapes.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the shapes of values by the <a href="https://github.com/onnx/onnx/blob/main/docs/Operators.md">operators'
 * definitions</a>, in their forms from set 7 to 21. What it does not know, or what does not fit together, stays unknown.
 */
public final class ShapeInference {
    /** Shapes, axes and sizes are smaller; weights are not followed. */
    private static final int MAX_CONTENT = 64;

    private static final Set<String> BROADCASTING = Set.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Pow",
            "Min",
            "Max",
            "Sum",
            "Mean",
            "Mod",
            "And",
            "Or",
            "Xor",
            "Equal",
            "Less",
            "LessOrEqual",
            "Greater",
            "GreaterOrEqual",
            "Where",
            "PRelu");
    private static final Set<String> ELEMENTWISE = Set.of(
            "Relu",
            "LeakyRelu",
            "ThresholdedRelu",
            "Sigmoid",
            "HardSigmoid",
            "HardSwish",
            "Tanh",
            "Elu",
            "Selu",
            "Celu",
            "Softplus",
            "Softsign",
            "Gelu",
            "Mish",
            "Clip",
            "Exp",
            "Log",
            "Sqrt",
            "Neg",
            "Abs",
            "Reciprocal",
            "Erf",
            "Floor",
            "Ceil",
            "Round",
            "Sign",
            "Sin",
            "Cos",
            "Not",
            "Identity",
            "Dropout",
            "Cast",
            "BatchNormalization",
            "InstanceNormalization",
            "LayerNormalization",
            "GroupNormalization",
            "LRN",
            "LpNormalization",
            "MeanVarianceNormalization",
            "Softmax",
            "LogSoftmax",
            "Hardmax",
            "ImageScaler");
    private static final Set<String> LOGICAL =
            Set.of("And", "Or", "Xor", "Not", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual");
    private static final Set<String> COUNTING = Set.of("Shape", "Size", "ArgMax", "ArgMin", "NonZero");

    private final Shapes shapes = new Shapes();

    private ShapeInference() {}

    /** What is known of the values of a graph; the first dimension of its inputs, where it is free, is the batch. */
    public static Shapes infer(Graph graph) {
        ShapeInference inference = new ShapeInference();
        for (ValueInfo input : graph.inputs()) {
            inference.shapes.put(input.name(), new Facts(input.type(), shape(input), null, null));
        }
        graph.initializers().forEach((name, tensor) -> inference.shapes.put(name, facts(tensor)));
        graph.nodes().forEach(inference::add);
        return inference.shapes;
    }

    private static @Nullable List<Size> shape(ValueInfo input) {
        if (input.shape() == null) {
            return null;
        }
        List<Size> shape = new ArrayList<>();
        for (Dimension dimension : input.shape()) {
            if (dimension instanceof Dimension.Fixed fixed) {
                shape.add(Size.fixed(fixed.size()));
            } else if (shape.isEmpty()) {
                shape.add(Size.BATCH);
            } else {
                return null;
            }
        }
        return shape;
    }

    static Facts facts(Tensor tensor) {
        List<Size> shape = tensor.shape().stream().map(Size::fixed).toList();
        boolean small = tensor.size() <= MAX_CONTENT;
        boolean whole = tensor.type() == ElementType.INT64 || tensor.type() == ElementType.INT32;
        return new Facts(
                tensor.type(),
                shape,
                small && whole ? content(tensor) : null,
                small && tensor.type() == ElementType.FLOAT ? reals(tensor) : null);
    }

    private static List<Size> content(Tensor tensor) {
        List<Size> content = new ArrayList<>();
        for (long value : tensor.toIntegers()) {
            content.add(Size.fixed(value));
        }
        return content;
    }

    private static List<Float> reals(Tensor tensor) {
        List<Float> reals = new ArrayList<>();
        for (float value : tensor.toFloats()) {
            reals.add(value);
        }
        return reals;
    }

    private void add(Node node) {
        if (!node.domain().isEmpty()) {
            return;
        }
        Operands operands = new Operands(node, shapes);
        ElementType type = type(node);
        List<List<Size>> outputs = tried(() -> shapesOf(node, operands));
        List<List<Size>> contents = tried(() -> List.of(IntegerContents.compute(node, operands)));
        for (int i = 0; i < node.outputs().size(); i++) {
            List<Size> shape = outputs != null && i < outputs.size() && isShape(outputs.get(i)) ? outputs.get(i) : null;
            List<Size> content = i == 0 && contents != null && shape != null ? contents.get(0) : null;
            boolean consistent = content != null
                    && shape != null
                    && content.size() <= MAX_CONTENT
                    && Size.product(shape).equalsNumber(content.size());
            if (!node.outputs().get(i).isEmpty()) {
                shapes.put(node.outputs().get(i), new Facts(type, shape, consistent ? content : null, null));
            }
        }
    }

    private static boolean isShape(List<Size> sizes) {
        return sizes.stream().allMatch(size -> size.factor() >= 0);
    }

    /** What does not fit together is as good as unknown here: whoever runs the graph will say what is wrong. */
    private static @Nullable List<List<Size>> tried(Supplier<List<List<Size>>> computation) {
        try {
            return computation.get();
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    private @Nullable ElementType type(Node node) {
        if (COUNTING.contains(node.op())) {
            return ElementType.INT64;
        }
        if (LOGICAL.contains(node.op())) {
            return ElementType.BOOL;
        }
        if (node.op().equals("Cast")) {
            long code = node.integer("to", 0);
            return ElementType.isCode(code) ? ElementType.fromCode((int) code) : null;
        }
        if (node.op().equals("ConstantOfShape") || node.op().equals("Constant")) {
            return ConstantEvaluator.evaluatedType(node);
        }
        return shapes.facts(node.input(node.op().equals("Where") ? 1 : 0)).type();
    }

    private static List<List<Size>> shapesOf(Node node, Operands operands) {
        String op = node.op();
        if (BROADCASTING.contains(op)) {
            return List.of(operands.broadcast());
        }
        if (ELEMENTWISE.contains(op)) {
            return List.of(operands.shape(0));
        }
        if (op.startsWith("Reduce") || op.startsWith("Arg")) {
            return List.of(MovementShapes.reduced(node, operands));
        }
        return switch (op) {
            case "Conv" -> List.of(WindowShapes.convolution(node, operands));
            case "ConvTranspose" -> List.of(WindowShapes.transposedConvolution(node, operands));
            case "MaxPool", "AveragePool", "LpPool" -> List.of(WindowShapes.pooled(node, operands));
            case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" -> List.of(WindowShapes.global(operands));
            case "Gemm" -> List.of(ProductShapes.gemm(node, operands));
            case "MatMul" -> List.of(ProductShapes.matMul(operands));
            case "Resize", "Upsample" -> List.of(WindowShapes.resized(node, operands));
            case "Pad" -> List.of(MovementShapes.padded(node, operands));
            case "Flatten" -> List.of(MovementShapes.flattened(node, operands));
            case "Reshape" -> List.of(MovementShapes.reshaped(node, operands));
            case "Squeeze" -> List.of(MovementShapes.squeezed(node, operands));
            case "Unsqueeze" -> List.of(MovementShapes.unsqueezed(node, operands));
            case "Transpose" -> List.of(MovementShapes.transposed(node, operands));
            case "Concat" -> List.of(MovementShapes.concatenated(node, operands));
            case "Slice" -> List.of(MovementShapes.sliced(node, operands));
            case "Split" -> MovementShapes.split(node, operands);
            case "Gather" -> List.of(MovementShapes.gathered(node, operands));
            case "Expand" -> List.of(MovementShapes.expanded(operands));
            case "DepthToSpace", "SpaceToDepth" -> List.of(MovementShapes.blocks(node, operands));
            case "Shape" ->
                List.of(List.of(
                        Size.fixed(MovementShapes.shapeOf(node, operands).size())));
            case "Size" -> List.of(List.of());
            case "ConstantOfShape" -> List.of(operands.content(0));
            case "Constant" ->
                List.of(ConstantEvaluator.attributeTensor(node).shape().stream()
                        .map(Size::fixed)
                        .toList());
            default -> throw new IllegalArgumentException(op);
        };
    }
}
