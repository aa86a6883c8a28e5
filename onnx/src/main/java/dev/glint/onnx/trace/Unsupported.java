package dev.glint.onnx.trace;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Method;
import java.util.List;

/** Thrown through the block's own code when it does what no ONNX graph can; {@link Tracer} turns it into its cause. */
final class Unsupported extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    private Unsupported(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /** The block called a method that has no rule. */
    static Unsupported method(Method method, String place) {
        return new Unsupported(
                name(method) + whereFrom(place),
                "write that step of the block with other NDArray operators, or add a rule for "
                        + RuleBook.signature(method) + " to RuleBook in " + Unsupported.class.getPackageName());
    }

    /** The block called a method that has a rule, but not for these arguments. */
    static Unsupported operator(Method method, String why, String place) {
        return new Unsupported(
                name(method) + " (" + why + ")" + whereFrom(place),
                "write that step of the block with other NDArray operators, or extend the rule "
                        + RuleBook.signature(method));
    }

    /** The block called what the engine does not have. */
    static Unsupported engine(Method method, UnsupportedOperationException cause, String place) {
        Unsupported failure = new Unsupported(
                name(method) + ", which the engine does not have (" + cause.getMessage() + ")" + whereFrom(place),
                "write that step of the block with other NDArray operators");
        failure.initCause(cause);
        return failure;
    }

    /** A rule failed. */
    static Unsupported rule(String signature, RuntimeException cause, String place) {
        Unsupported failure = new Unsupported(
                "NDArray." + signature + ", whose rule fails (" + cause + ")" + whereFrom(place),
                "write that step of the block with other NDArray operators, and report it");
        failure.initCause(cause);
        return failure;
    }

    /** The block changed an array in place that it must leave alone. */
    static Unsupported change(Method method, String why, String place) {
        return new Unsupported(
                name(method) + " (" + why + ")" + whereFrom(place), "make a new array, as add does in place of addi");
    }

    /** The block used an array whose memory it had changed through another. */
    static Unsupported stale(Method method, String place) {
        return new Unsupported(
                name(method) + " with an array whose memory was changed in place through another array"
                        + whereFrom(place),
                "make a new array, as add does in place of addi, or duplicate() the view before it is changed");
    }

    /** The block read values that depend on its input. */
    static Unsupported read(Method method, String place) {
        List<StackFrame> frames = StackWalker.getInstance()
                .walk(all -> all.filter(frame -> frame.getClassName().startsWith("ai.djl."))
                        .toList());
        for (int i = 0; i + 1 < frames.size(); i++) {
            StackFrame frame = frames.get(i);
            if (frame.getMethodName().equals("from") && frame.getClassName().endsWith("NDManager")) {
                return constantFirst(frames.get(i + 1).getMethodName(), place);
            }
        }
        return new Unsupported(
                name(method) + ", which reads values that depend on the picture" + whereFrom(place),
                "decide nothing by the values of a picture");
    }

    /** The engine's own array asked for the elements of ours: the block called it on an array that it holds itself. */
    private static Unsupported constantFirst(String operator, String place) {
        return new Unsupported(
                "NDArray." + operator + " on an array that the block holds itself, with the picture's behind it"
                        + whereFrom(place),
                "put the picture's array in front, as x." + operator + "(constant), or have the constant from the"
                        + " ParameterStore as a Parameter of the block");
    }

    GlintException toGlintException() {
        return GlintException.failure(
                        Reason.MODEL,
                        "a block that uses " + getMessage(),
                        "operators with a counterpart in ONNX",
                        remedy)
                .causedBy(this);
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + RuleBook.signature(method);
    }

    private static String whereFrom(String place) {
        return ", called" + caller() + " " + place;
    }

    /** The block's code: the innermost frame that is neither ours nor of the proxies. */
    private static String caller() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !isMachinery(frame.getClassName()))
                        .findFirst())
                .map(frame -> " by " + simpleName(frame.getClassName()) + "." + frame.getMethodName() + " (line "
                        + frame.getLineNumber() + ")")
                .orElse("");
    }

    private static boolean isMachinery(String className) {
        return className.startsWith(Unsupported.class.getPackageName() + ".") && !className.endsWith("Test")
                || className.startsWith("java.")
                || className.startsWith("jdk.")
                || className.contains("$Proxy")
                || className.startsWith("ai.djl.ndarray.")
                || className.startsWith("ai.djl.pytorch.");
    }

    private static String simpleName(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
