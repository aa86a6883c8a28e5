package dev.glint.runtime.engine.glint;

import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.engine.glint.ArithmeticSteps.Operator;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.onnx.OnnxNode;
import java.util.List;

/**
 * What is to be done for one picture, step by step. Immutable; weights are still in the file.
 *
 * @param operations the steps in their order
 * @param layout the arrays between them
 * @param floatMultiplyAdds products of floats that are summed for a picture
 * @param byteMultiplyAdds products of bytes that are summed for a picture
 * @param otherWork values that are looked at beside these
 * @param mostByteWeights weights of the step of bytes that has most
 * @param mostFloatWeights weights of the step of floats that has most
 */
record Plan(
        List<Operation> operations,
        MemoryLayout layout,
        long floatMultiplyAdds,
        long byteMultiplyAdds,
        long otherWork,
        int mostByteWeights,
        int mostFloatWeights) {
    /** What plain loops look at, read from memory. */
    private static final double OTHERS_PER_NANOSECOND = 1;

    private static final int MAX_NODES = 10_000;
    private static final long OLDEST_OPERATORS = 7;
    private static final long NEWEST_OPERATORS = 22;

    /**
     * Plans a model.
     *
     * @throws UnsupportedGraph if there is something in it that this engine does not know
     */
    static Plan make(OnnxFile onnx, Signature signature) {
        try {
            return lower(onnx, signature);
        } catch (GlintException e) {
            throw new UnsupportedGraph(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UnsupportedGraph("sizes that do not fit (" + e.getMessage() + ")");
        }
    }

    private static Plan lower(OnnxFile onnx, Signature signature) {
        long operators = onnx.operatorSets().getOrDefault("", 0L);
        if (operators < OLDEST_OPERATORS || operators > NEWEST_OPERATORS) {
            throw new UnsupportedGraph("operators of version " + operators);
        }
        if (signature.elementType() != ElementType.FLOAT32 || signature.layout() != Layout.NCHW) {
            throw new UnsupportedGraph("an input of " + signature.elementType() + " in " + signature.layout());
        }
        if (onnx.graph().nodes().size() > MAX_NODES) {
            throw new UnsupportedGraph(onnx.graph().nodes().size() + " nodes");
        }
        PlanBuilder plan = new PlanBuilder(onnx.graph(), signature.outputName(), operators);
        load(plan, signature);
        for (int i = 0; i < plan.graph().size(); i++) {
            if (!plan.graph().isDone(i)) {
                plan.graph().setDone(i);
                lower(plan, plan.graph().node(i));
            }
        }
        store(plan, signature);
        return new Plan(
                List.copyOf(plan.operations()),
                MemoryLayout.assign(plan.storages()),
                plan.floatMultiplyAdds(),
                plan.byteMultiplyAdds(),
                plan.otherWork(),
                plan.mostByteWeights(),
                plan.mostFloatWeights());
    }

    /** How long a picture takes, about. */
    double estimatedNanos(Kernels kernels) {
        return floatMultiplyAdds / kernels.floatMultiplyAddsPerNanosecond()
                + byteMultiplyAdds / kernels.byteMultiplyAddsPerNanosecond()
                + otherWork / OTHERS_PER_NANOSECOND;
    }

    /** All products that are summed for a picture. */
    long multiplyAdds() {
        return floatMultiplyAdds + byteMultiplyAdds;
    }

    private static void load(PlanBuilder plan, Signature signature) {
        FeatureMap map = new FeatureMap(signature.height(), signature.width(), signature.channels());
        Ending ending = plan.ending(signature.inputName());
        if (ending.isEncoded() && ending.isUnclamped()) {
            Storage bytes = new Storage(map, ending.requireEncoding());
            plan.emit(new ConversionSteps.LoadEncoded(bytes), bytes);
            plan.endWithBytes(ending, bytes, false);
        } else {
            Storage floats = plan.floats(map);
            plan.emit(new ConversionSteps.Load(floats), floats);
            plan.define(signature.inputName(), new Activation(floats, false));
        }
    }

    private static void store(PlanBuilder plan, Signature signature) {
        Activation output = plan.activation(signature.outputName());
        if (!output.isFlat() || output.map().size() != signature.labels()) {
            throw new UnsupportedGraph("an output of " + output.map());
        }
        Storage floats = plan.numbers(output);
        plan.emitLast(new ConversionSteps.Store(floats), floats);
    }

    private static void lower(PlanBuilder plan, OnnxNode raw) {
        NodeReader node = new NodeReader(raw);
        if (!raw.domain().isEmpty() && !raw.domain().equals("ai.onnx")) {
            throw new UnsupportedGraph("the operator " + raw.operator() + " of the domain " + raw.domain());
        }
        switch (raw.operator()) {
            case "Conv" -> ConvolutionLowering.convolution(plan, node);
            case "Gemm" -> ConvolutionLowering.gemm(plan, node);
            case "MatMul" -> ConvolutionLowering.matMul(plan, node);
            case "BatchNormalization" -> ConvolutionLowering.batchNormalization(plan, node);
            case "QuantizeLinear" -> EncodingLowering.quantize(plan, node);
            case "DequantizeLinear" -> EncodingLowering.dequantize(plan, node);
            case "MaxPool" -> PoolingLowering.maxPool(plan, node);
            case "AveragePool" -> PoolingLowering.averagePool(plan, node);
            case "GlobalAveragePool" -> PoolingLowering.globalAveragePool(plan, node);
            case "Add" -> ArithmeticLowering.binary(plan, node, Operator.ADD);
            case "Sub" -> ArithmeticLowering.binary(plan, node, Operator.SUBTRACT);
            case "Mul" -> ArithmeticLowering.binary(plan, node, Operator.MULTIPLY);
            case "Div" -> ArithmeticLowering.binary(plan, node, Operator.DIVIDE);
            case "Flatten" -> ShapeLowering.flatten(plan, node);
            case "Reshape" -> ShapeLowering.reshape(plan, node);
            case "Concat" -> ShapeLowering.concatenate(plan, node);
            case "Softmax" -> ShapeLowering.softmax(plan, node);
            case "Constant" -> plan.define(node.output(), node.constant("value"));
            default -> ArithmeticLowering.function(plan, node, function(plan, node));
        }
    }

    private static FloatFunction function(PlanBuilder plan, NodeReader node) {
        return switch (node.operator()) {
            case "Identity", "Dropout" -> new FloatFunction.Identity();
            case "Relu" -> new FloatFunction.Clamp(0, Float.POSITIVE_INFINITY);
            case "Clip" -> ArithmeticLowering.clip(plan, node);
            case "HardSigmoid" -> new FloatFunction.HardSigmoid(node.real("alpha", 0.2f), node.real("beta", 0.5f));
            case "HardSwish" -> new FloatFunction.HardSwish();
            case "LeakyRelu" -> new FloatFunction.LeakyRelu(node.real("alpha", 0.01f));
            case "Sigmoid" -> new FloatFunction.Sigmoid();
            case "Tanh" -> new FloatFunction.Tanh();
            default -> throw new UnsupportedGraph("the operator " + node.operator());
        };
    }
}
