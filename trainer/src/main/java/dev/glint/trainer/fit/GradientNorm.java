package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import dev.glint.trainer.engine.Scalars;
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
    static double clip(Collection<TrainedParameter> parameters, double limit, Scalars scalars) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDList squares = new NDList(parameters.size());
            parameters.forEach(trained -> squares.add(gradient(trained).square().sum()));
            double sum = 0;
            // Read at once, since each reading waits for a GPU.
            for (float square : NDArrays.stack(squares).toFloatArray()) {
                sum += square;
            }
            double norm = Math.sqrt(sum);
            if (norm > limit) {
                NDArray factor = scalars.number(limit / norm);
                parameters.forEach(trained -> gradient(trained).muli(factor));
            }
            return norm;
        }
    }

    private static NDArray gradient(TrainedParameter trained) {
        return trained.parameter().getArray().getGradient();
    }
}
