package dev.glint.exporter.adopt;

import dev.glint.onnx.graph.Node;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.model.Softmax;
import java.util.Optional;

/**
 * What a file does last to its logits. It is left out of the imported model, whose quantiser and golden samples see more in
 * logits than in probabilities, and is done by whoever reads its answers.
 */
enum AnswerHead {
    /** Nothing that is known: the values are whatever somebody says they are. */
    NONE("nothing", OutputKind.LOGITS) {
        @Override
        double[] apply(float[] values) {
            double[] same = new double[values.length];
            for (int i = 0; i < same.length; i++) {
                same[i] = values[i];
            }
            return same;
        }
    },
    /** Probabilities of classes that exclude each other. */
    SOFTMAX("Softmax", OutputKind.LOGITS) {
        @Override
        double[] apply(float[] values) {
            return Softmax.probabilities(values, 0, values.length);
        }
    },
    /** Their natural logarithms. */
    LOG_SOFTMAX("LogSoftmax", OutputKind.LOGITS) {
        @Override
        double[] apply(float[] values) {
            double[] logarithms = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                logarithms[i] = -Softmax.crossEntropy(values, 0, values.length, i);
            }
            return logarithms;
        }
    },
    /** Probabilities of classes that may all hold, or none. */
    SIGMOID("Sigmoid", OutputKind.INDEPENDENT_LOGITS) {
        @Override
        double[] apply(float[] values) {
            return Softmax.independentProbabilities(values);
        }
    };

    private final String operator;
    private final OutputKind kind;

    AnswerHead(String operator, OutputKind kind) {
        this.operator = operator;
        this.kind = kind;
    }

    /** What the file gives for these logits. */
    abstract double[] apply(float[] values);

    /** What the values in front of it are. */
    OutputKind kind() {
        return kind;
    }

    /** The head that a node is, if it is one. */
    static Optional<AnswerHead> find(Node node) {
        for (AnswerHead head : values()) {
            if (node.isOperator(head.operator)) {
                return Optional.of(head);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return operator;
    }
}
