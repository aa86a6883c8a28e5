package dev.glint.onnx.trace;

import ai.djl.ndarray.NDList;
import dev.glint.runtime.failure.GlintException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How one method of {@code NDArray} or {@code NDArrayEx} is written in ONNX. The components of the arguments' record are
 * the method's parameters, arrays as {@link RecordedArray} and lists of them as {@link List}, so the record says which of
 * the overloaded methods is meant.
 *
 * @param <A> the arguments by their names
 */
final class Rule<A extends Record> {
    /** Adds the nodes of a call and names its results. */
    @FunctionalInterface
    interface Body<A> {
        void record(Call call, A arguments);
    }

    /** What a call answers where the engine has no such operator. */
    @FunctionalInterface
    interface Answer<A> {
        NDList compute(A arguments);
    }

    /** Arguments that say whether a layer learns, which no exported layer does. */
    interface Mode {
        boolean training();
    }

    /** A rule with the arguments of one call. */
    interface Bound {
        /** Adds the nodes. */
        void record(Call call);

        /** The answer in place of the engine's; null if only the engine can give it. */
        @Nullable NDList answer();
    }

    private final String signature;
    private final Constructor<A> constructor;
    private final Body<A> body;
    private final @Nullable Answer<A> answer;

    Rule(String method, Class<A> arguments, Body<A> body, @Nullable Answer<A> answer) {
        RecordComponent[] components = arguments.getRecordComponents();
        this.signature = method
                + Arrays.stream(components)
                        .map(component -> parameter(component.getType()))
                        .collect(Collectors.joining(", ", "(", ")"));
        this.body = body;
        this.answer = answer;
        try {
            this.constructor = arguments.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("arguments of rule " + signature, e);
        }
    }

    private static String parameter(Class<?> type) {
        return type == RecordedArray.class ? "NDArray" : type == List.class ? "NDList" : type.getSimpleName();
    }

    /** The method that it is for: its name and the simple names of its parameters' types, {@code add(Number)}. */
    String signature() {
        return signature;
    }

    /**
     * Takes the arguments of a call, before the engine has answered it.
     *
     * @param values in the method's order
     * @throws Unsupported if they ask for what no exported model does
     */
    Bound bind(Method method, @Nullable Object[] values, String place) {
        A arguments = arguments(values);
        if (arguments instanceof Mode mode && mode.training()) {
            throw Unsupported.operator(method, "in training mode", place);
        }
        return new Bound() {
            @Override
            public void record(Call call) {
                Rule.this.record(call, arguments);
            }

            @Override
            public @Nullable NDList answer() {
                return answer == null ? null : answer.compute(arguments);
            }
        };
    }

    private A arguments(@Nullable Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException | InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException("arguments of rule " + signature, e);
        }
    }

    private void record(Call call, A arguments) {
        try {
            body.record(call, arguments);
        } catch (Unsupported | GlintException e) {
            throw e;
        } catch (RuntimeException e) {
            throw Unsupported.rule(signature, e, call.recorder().place());
        }
    }
}
