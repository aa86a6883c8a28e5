package dev.glint.trainer.fit;

import ai.djl.nn.Parameter;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.Recipe;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parameter and how it is stepped: what other libraries arrange in parameter groups.
 *
 * @param parameter what changes
 * @param rate what the schedule's learning rate is multiplied with
 * @param weightDecay its own, 0 for none
 */
record TrainedParameter(Parameter parameter, double rate, double weightDecay) {

    /**
     * The parameters that require a gradient now, each with its treatment.
     *
     * @param parameters all of a block, by name
     * @param head the name of the layer that gives the logits
     */
    static Map<String, TrainedParameter> select(Recipe recipe, Map<String, Parameter> parameters, String head) {
        OptimizerSettings settings = recipe.optimizer();
        Double backbone = recipe.fineTuning().backboneLearningRate();
        Map<String, TrainedParameter> trained = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> {
            if (parameter.requiresGradient()) {
                double rate = name.startsWith(head + ".") ? 1 : relative(backbone, settings.learningRate());
                trained.put(
                        name,
                        new TrainedParameter(
                                parameter,
                                parameter.getType() == Parameter.Type.BETA ? rate * settings.normBiasRate() : rate,
                                settings.decaysAll() || decays(parameter) ? settings.weightDecay() : 0));
            }
        });
        return trained;
    }

    private static double relative(@Nullable Double backbone, double head) {
        return backbone == null ? 1 : backbone / head;
    }

    /** Matrices and kernels do; normalization, biases, class tokens and positions do not. */
    private static boolean decays(Parameter parameter) {
        return parameter.getType() == Parameter.Type.WEIGHT
                || (parameter.getType() == Parameter.Type.OTHER
                        && parameter.getShape().dimension() == 2);
    }
}
