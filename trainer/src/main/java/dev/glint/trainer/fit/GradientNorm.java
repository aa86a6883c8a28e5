package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.Collection;

/** The Euclidean norm of all gradients together, and its limit. */
final class GradientNorm {
    private GradientNorm() {}

    /**
     * Scales all gradients down by the same factor so that their norm is no more than a limit, as PyTorch's {@code
     * clip_grad_norm_}.
     *
     * @param limit positive
     * @return the norm before
     */
    static double clip(Collection<TrainedParameter> parameters, double limit) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            double squares = 0;
            for (TrainedParameter trained : parameters) {
                squares += gradient(trained).square().sum().getFloat();
            }
            double norm = Math.sqrt(squares);
            if (norm > limit) {
                float factor = (float) (limit / norm);
                parameters.forEach(trained -> gradient(trained).muli(factor));
            }
            return norm;
        }
    }

    private static NDArray gradient(TrainedParameter trained) {
        return trained.parameter().getArray().getGradient();
    }
}
