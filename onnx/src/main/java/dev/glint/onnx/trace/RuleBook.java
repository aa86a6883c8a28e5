package dev.glint.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.internal.NDArrayEx;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules, each under the signature of its method. */
final class RuleBook {
    private static final RuleBook STANDARD = standard();

    private final Set<String> methods = Stream.of(NDArray.class, NDArrayEx.class)
            .flatMap(type -> Arrays.stream(type.getMethods()))
            .map(RuleBook::signature)
            .collect(Collectors.toSet());
    private final Map<String, Rule<?>> rules = new HashMap<>();

    private static RuleBook standard() {
        RuleBook book = new RuleBook();
        ElementwiseRules.addTo(book);
        LayerRules.addTo(book);
        PoolingRules.addTo(book);
        ShapeRules.addTo(book);
        ChoiceRules.addTo(book);
        ResampleRules.addTo(book);
        RecurrentRules.addTo(book);
        return book;
    }

    /** The rule that the exporter has for a method; null if it has none. */
    static @Nullable Rule<?> find(Method method) {
        return STANDARD.rules.get(signature(method));
    }

    /**
     * Adds a rule.
     *
     * @param method the name of a method of an array
     * @param arguments whose components are the method's parameters
     * @throws IllegalStateException naming the rule, if arrays have no such method, or it has a rule already
     */
    <A extends Record> void add(String method, Class<A> arguments, Rule.Body<A> body) {
        add(method, arguments, body, null);
    }

    /**
     * Adds a rule for what an engine may lack.
     *
     * @param answer what it answers then
     * @throws IllegalStateException as the other
     */
    <A extends Record> void add(String method, Class<A> arguments, Rule.Body<A> body, Rule.@Nullable Answer<A> answer) {
        Rule<A> rule = new Rule<>(method, arguments, body, answer);
        if (!methods.contains(rule.signature())) {
            throw new IllegalStateException("rule " + rule.signature() + ": arrays have no such method");
        }
        if (rules.putIfAbsent(rule.signature(), rule) != null) {
            throw new IllegalStateException("rule " + rule.signature() + ": there are two");
        }
    }

    /** A method's name and the simple names of its parameters' types: {@code add(Number)}. */
    static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
