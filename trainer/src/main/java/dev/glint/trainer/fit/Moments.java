package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** An array beside each parameter that is fitted, of its shape, 0 at first. */
final class Moments {
    private Moments() {}

    static Map<String, NDArray> zeros(Map<String, TrainedParameter> parameters, NDManager manager) {
        Map<String, NDArray> moments = new LinkedHashMap<>();
        parameters.forEach((name, trained) ->
                moments.put(name, manager.zeros(trained.parameter().getShape())));
        return moments;
    }

    /**
     * Takes the values from a state that has the moments' names behind a prefix.
     *
     * @throws IllegalArgumentException if there are too many or too few
     */
    static void restore(Map<String, NDArray> moments, String prefix, Map<String, float[]> state) {
        moments.forEach((name, array) -> {
            if (Objects.requireNonNull(state.get(prefix + name)).length != array.size()) {
                throw new IllegalArgumentException(Objects.requireNonNull(state.get(prefix + name)).length
                        + " values in " + prefix + name + " for " + array.getShape());
            }
        });
        moments.replaceAll((name, old) -> {
            try (old;
                    NDArray borrowed = old.getManager().create(state.get(prefix + name), old.getShape())) {
                return borrowed.duplicate();
            }
        });
    }

    static void requireSameNames(Map<String, NDArray> own, Map<String, float[]> given) {
        if (!given.keySet().equals(own.keySet())) {
            throw new IllegalArgumentException("a state of " + given.keySet() + " for one of " + own.keySet());
        }
    }

    static Map<String, NDArray> prefixed(String prefix, Map<String, NDArray> moments) {
        Map<String, NDArray> named = new LinkedHashMap<>();
        moments.forEach((name, array) -> named.put(prefix + name, array));
        return named;
    }
}
