package dev.glint.exporter.trace;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The operators of {@code NDArray} and {@code NDArrayEx} that can be exported, by their signature. */
final class Rules {
    private static final Map<String, Rule> RULES = new HashMap<>();

    static {
        ElementwiseRules.addTo(RULES);
        LayerRules.addTo(RULES);
        ShapeRules.addTo(RULES);
    }

    private Rules() {}

    /** The rule for a method; null if there is none. */
    static @Nullable Rule find(Method method) {
        return RULES.get(signature(method));
    }

    /** A method's name and the simple names of its parameters' types: {@code add(Number)}. */
    static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
