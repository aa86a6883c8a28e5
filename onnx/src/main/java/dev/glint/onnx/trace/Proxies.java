package dev.glint.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.internal.NDArrayEx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Recording arrays: dynamic proxies of {@link NDArray}, {@link NDArrayEx} and {@link NDManager} around the engine's own
 * objects. Every call is answered by the engine, so shapes, types and constants are its own; a call that involves the
 * block's input is written down by its {@link Rule} as well. A method without a rule runs its default body on the
 * proxy, if it has one, and so ends at methods that have.
 */
final class Proxies {
    private static final String OF_BLOCK = "it changes an array of the block's own";

    private final Recorder recorder;

    Proxies(Recorder recorder) {
        this.recorder = recorder;
    }

    Recorder recorder() {
        return recorder;
    }

    /** The proxy of an array. */
    NDArray array(RecordedArray array) {
        return proxy(NDArray.class, new ArrayHandler(array));
    }

    /** What stands behind a proxy that {@link #array} made; an array that the block holds itself is a constant. */
    static RecordedArray recorded(NDArray array) {
        if (Proxy.isProxyClass(array.getClass()) && Proxy.getInvocationHandler(array) instanceof ArrayHandler handler) {
            return handler.array;
        }
        return RecordedArray.held(array);
    }

    private <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** Answers for an array, and for its internal half, which has the same elements. */
    private final class ArrayHandler implements InvocationHandler {
        private final RecordedArray array;

        ArrayHandler(RecordedArray array) {
            this.array = array;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            Object @Nullable [] given = arguments == null ? new Object[0] : arguments;
            switch (RuleBook.signature(method)) {
                case "equals(Object)":
                    return proxy == given[0];
                case "hashCode()":
                    return System.identityHashCode(proxy);
                case "toString()":
                    return array.toString();
                case "getNDArrayInternal()":
                    return proxy(NDArrayEx.class, this);
                case "getArray()":
                    return array(array);
                default:
                    return dispatch(proxy, method, given);
            }
        }

        private @Nullable Object dispatch(Object proxy, Method method, @Nullable Object[] arguments) throws Throwable {
            if (array.isOfBlock() && Methods.decidesLife(method)) {
                return null;
            }
            if (Methods.fills(method)
                    && recorded((NDArray) Objects.requireNonNull(arguments[0])).isOfBlock()) {
                throw Unsupported.change(method, OF_BLOCK, recorder.place());
            }
            boolean constant = !array.isTraced() && !anyTraced(arguments);
            if (Methods.changes(method)) {
                requireChangeable(method, constant);
            }
            Object target = proxy instanceof NDArrayEx ? array.real().getNDArrayInternal() : array.real();
            if (constant || isBesideElements(method)) {
                return view(method, wrap(call(target, method, unwrapped(arguments))));
            }
            Rule<?> rule = RuleBook.find(method);
            if (rule != null) {
                return record(rule, proxy, target, method, arguments);
            }
            if (Methods.reads(method)) {
                throw Unsupported.read(method, recorder.place());
            }
            if (method.isDefault() && !Methods.changes(method)) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            throw Unsupported.method(method, recorder.place());
        }

        private boolean isBesideElements(Method method) {
            return Methods.describes(method)
                    || Methods.decidesLife(method)
                    || method.getReturnType() == NDManager.class;
        }

        /** Before the engine does it: the weights are the caller's. */
        private void requireChangeable(Method method, boolean constant) {
            if (array.isOfBlock()) {
                throw Unsupported.change(method, OF_BLOCK, recorder.place());
            }
            if (!array.isTraced() && !constant) {
                throw Unsupported.change(method, "it changes a constant", recorder.place());
            }
        }

        private Object record(Rule<?> rule, Object proxy, Object target, Method method, @Nullable Object[] arguments)
                throws Throwable {
            @Nullable Object[] recorded = recordedArguments(arguments);
            requireFresh(method, recorded);
            Rule.Bound bound = rule.bind(method, recorded, recorder.place());
            Object answer = answer(bound, target, method, arguments);
            List<RecordedArray> results = new ArrayList<>();
            for (NDArray real : answer instanceof NDList list ? list : List.of((NDArray) answer)) {
                results.add(RecordedArray.constant(real));
            }
            bound.record(new Call(recorder, method, array, results));
            if (answer == array.real()) {
                String value = recorder.value(results.get(0));
                if (Methods.changes(method)) {
                    array.change(value);
                } else {
                    array.bind(value);
                }
                return proxy;
            }
            NDList proxies = new NDList();
            results.forEach(result -> proxies.add(array(result)));
            return Objects.requireNonNull(view(method, answer instanceof NDList ? proxies : proxies.get(0)));
        }

        private Object answer(Rule.Bound bound, Object target, Method method, @Nullable Object[] arguments)
                throws Throwable {
            try {
                return Objects.requireNonNull(call(target, method, unwrapped(arguments)));
            } catch (UnsupportedOperationException e) {
                NDList answer = bound.answer();
                if (answer == null) {
                    throw Unsupported.engine(method, e, recorder.place());
                }
                return answer;
            }
        }

        private void requireFresh(Method method, @Nullable Object[] recorded) {
            Stream<?> given =
                    Stream.of(recorded).flatMap(each -> each instanceof List<?> list ? list.stream() : Stream.of(each));
            if (Stream.concat(Stream.of(array), given)
                    .anyMatch(each -> each instanceof RecordedArray other && other.isStale())) {
                throw Unsupported.stale(method, recorder.place());
            }
        }

        /** Notes what may be over this array's memory. */
        private @Nullable Object view(Method method, @Nullable Object answer) {
            if (Methods.makesView(method)) {
                for (NDArray one :
                        answer instanceof NDList list ? list : List.of((NDArray) Objects.requireNonNull(answer))) {
                    recorded(one).share(array);
                }
            }
            return answer;
        }
    }

    /** A manager whose arrays are constants. */
    NDManager manager(NDManager real) {
        return proxy(NDManager.class, new ManagerHandler(real));
    }

    private final class ManagerHandler implements InvocationHandler {
        private final NDManager real;

        ManagerHandler(NDManager real) {
            this.real = real;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            return wrap(call(real, method, unwrapped(arguments == null ? new Object[0] : arguments)));
        }
    }

    private @Nullable Object wrap(@Nullable Object answer) {
        if (answer instanceof NDArray real) {
            return array(RecordedArray.constant(real));
        }
        if (answer instanceof NDList list) {
            NDList proxies = new NDList();
            list.forEach(real -> proxies.add(array(RecordedArray.constant(real))));
            return proxies;
        }
        return answer instanceof NDManager real ? manager(real) : answer;
    }

    private static boolean anyTraced(@Nullable Object[] arguments) {
        for (Object argument : arguments) {
            if (argument instanceof NDArray array && recorded(array).isTraced()
                    || argument instanceof NDList list
                            && list.stream().anyMatch(array -> recorded(array).isTraced())) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Object[] unwrapped(@Nullable Object[] arguments) {
        @Nullable Object[] real = arguments.clone();
        for (int i = 0; i < real.length; i++) {
            if (arguments[i] instanceof NDArray array) {
                real[i] = recorded(array).real();
            } else if (arguments[i] instanceof NDList list) {
                NDList arrays = new NDList();
                list.forEach(array -> arrays.add(recorded(array).real()));
                real[i] = arrays;
            } else if (arguments[i] instanceof NDManager manager
                    && Proxy.isProxyClass(manager.getClass())
                    && Proxy.getInvocationHandler(manager) instanceof ManagerHandler handler) {
                real[i] = handler.real;
            }
        }
        return real;
    }

    private static @Nullable Object[] recordedArguments(@Nullable Object[] arguments) {
        @Nullable Object[] recorded = arguments.clone();
        for (int i = 0; i < recorded.length; i++) {
            if (arguments[i] instanceof NDArray array) {
                recorded[i] = recorded(array);
            } else if (arguments[i] instanceof NDList list) {
                recorded[i] = list.stream().map(Proxies::recorded).toList();
            }
        }
        return recorded;
    }

    private static @Nullable Object call(Object target, Method method, @Nullable Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
