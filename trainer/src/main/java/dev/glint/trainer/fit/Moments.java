package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;

/** An array beside each trainable parameter, of its shape, 0 at first. */
final class Moments {
    private Moments() {}

    static Map<String, NDArray> zeros(Map<String, Parameter> parameters, NDManager manager) {
        Map<String, NDArray> moments = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> {
            if (parameter.requiresGradient()) {
                moments.put(name, manager.zeros(parameter.getShape()));
            }
        });
        return moments;
    }

    static Map<String, NDArray> prefixed(String prefix, Map<String, NDArray> moments) {
        Map<String, NDArray> named = new LinkedHashMap<>();
        moments.forEach((name, array) -> named.put(prefix + name, array));
        return named;
    }
}
