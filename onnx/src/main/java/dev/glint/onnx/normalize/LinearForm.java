package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.ConstantEvaluator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A product with constant weights becomes {@code Gemm} with its weights as (out, in), no factors and a flat bias: the form of a
 * linear layer. Of MatMul only the product of a matrix, a row per picture.
 */
final class LinearForm implements RewriteRule {

    @Override
    public String name() {
        return "linear-form";
    }

    @Override
    public Set<String> operators() {
        return Set.of("MatMul", "Gemm");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<Tensor> weight = edit.before().constant(node.input(1)).filter(LinearForm::isFloatMatrix);
        boolean rows =
                edit.shapes().rank(node.input(0)).filter(rank -> rank == 2).isPresent();
        if (weight.isEmpty()
                || !rows
                || node.integer("transA", 0) != 0
                || edit.before().constant(node.input(0)).isPresent()) {
            return;
        }
        Optional<Tensor> bias =
                edit.before().constant(node.input(2)).filter(tensor -> tensor.type() == ElementType.FLOAT);
        if (!node.input(2).isEmpty() && bias.isEmpty()) {
            return;
        }
        boolean transposed = node.integer("transB", 0) != 0;
        float alpha = node.real("alpha", 1);
        float beta = node.real("beta", 1);
        List<String> inputs = new ArrayList<>(List.of(node.input(0), node.input(1)));
        if (!transposed || alpha != 1) {
            Tensor out = transposed ? weight.get() : ConstantEvaluator.transpose(weight.get(), List.of(1L, 0L));
            inputs.set(1, edit.addConstant(node.input(1) + ".linear", scaled(out, alpha)));
        }
        if (bias.isPresent()) {
            long channels = weight.get().shape().get(transposed ? 0 : 1);
            List<Long> flat = List.of(channels);
            boolean same = beta == 1 && bias.get().shape().equals(flat);
            Optional<float[]> values = ChannelValues.read(bias.get(), 2, (int) channels);
            if (values.isEmpty()) {
                return;
            }
            Tensor each = scaled(Tensor.floats(flat, values.get()), beta);
            inputs.add(same ? node.input(2) : edit.addConstant(node.input(2) + ".linear", each));
        }
        Map<String, Attribute> form = Map.of("transB", Attribute.integer(1));
        Node linear = new Node(node.name(), "Gemm", inputs, node.outputs(), form);
        boolean already = node.isOperator("Gemm")
                && transposed
                && alpha == 1
                && beta == 1
                && node.inputs().equals(inputs);
        if (!already) {
            edit.replace(node, linear);
        }
    }

    private static boolean isFloatMatrix(Tensor tensor) {
        return tensor.type() == ElementType.FLOAT && tensor.shape().size() == 2;
    }

    private static Tensor scaled(Tensor tensor, float factor) {
        float[] values = tensor.toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return Tensor.floats(tensor.shape(), values);
    }
}
