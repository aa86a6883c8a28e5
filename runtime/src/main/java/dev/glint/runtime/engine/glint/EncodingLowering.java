package dev.glint.runtime.engine.glint;

import dev.glint.runtime.onnx.ElementKind;
import java.util.Objects;

/** QuantizeLinear and DequantizeLinear. */
final class EncodingLowering {
    private EncodingLowering() {}

    static void quantize(PlanBuilder plan, NodeReader node) {
        Encoding encoding = plan.encoding(node, false);
        plan.defineEncoded(node, plan.encode(plan.activation(node.input(0)), encoding));
    }

    static void dequantize(PlanBuilder plan, NodeReader node) {
        if (plan.isConstant(node.input(0))) {
            plan.define(node.output(), constant(plan, node));
            return;
        }
        Value.Encoded encoded = plan.encoded(node.input(0));
        Activation bytes = encoded.bytes();
        Recoding recoding = Objects.requireNonNull(Recoding.find(bytes));
        Encoding encoding = plan.encoding(node, encoded.signed());
        Activation decoded = encoding.equals(recoding.to())
                ? bytes
                : new Activation(bytes.storage(), recoding.standingFor(encoding), bytes.isFlat());
        plan.define(node.output(), joins(plan, node.output()) ? decoded : plan.recoded(decoded));
    }

    /** Whether the only step that takes a value may join its table with another one of the same array. */
    private static boolean joins(PlanBuilder plan, String value) {
        int next = plan.graph().onlyConsumer(value);
        if (next < 0) {
            return false;
        }
        String operator = plan.graph().node(next).operator();
        return operator.equals("Add") || operator.equals("Mul");
    }

    private static Constant constant(PlanBuilder plan, NodeReader node) {
        Constant integers = plan.constant(node.input(0));
        Constant scales = plan.constant(node.input(1));
        if (integers.isEncoded() || scales.isEncoded() || node.whole("block_size", 0) != 0) {
            throw new UnsupportedGraph("a DequantizeLinear of blocks");
        }
        Constant zeros = node.hasInput(2) ? plan.constant(node.input(2)) : null;
        if (zeros != null && integers.tensor().kind() == ElementKind.INT32) {
            requireZeros(zeros.integers());
        }
        int rank = integers.shape().size();
        long axis = node.whole("axis", 1);
        axis = axis < 0 ? axis + rank : axis;
        boolean several = scales.elements() > 1;
        if (several && (axis < 0 || axis >= rank || integers.size((int) axis) != scales.elements())) {
            throw new UnsupportedGraph("a DequantizeLinear along the axis " + axis);
        }
        return new Constant(
                integers.tensor(), scales.tensor(), zeros == null ? null : zeros.tensor(), several ? (int) axis : 0);
    }

    /** ONNX lets integers of 32 bits have no other zero points. */
    private static void requireZeros(long[] zeroPoints) {
        for (long zeroPoint : zeroPoints) {
            if (zeroPoint != 0) {
                throw new UnsupportedGraph("a zero point of " + zeroPoint + " for integers of 32 bits");
            }
        }
    }
}
