package dev.glint.exporter.trace;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.lang.reflect.Method;

/** Thrown through the block's own code when it does what no ONNX graph can; {@link Tracer} turns it into its cause. */
final class Unsupported extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Unsupported(String message) {
        super(message);
    }

    /** The block called an operator that has no rule, or none for these arguments. */
    static Unsupported operator(Method method, String why, String place) {
        return new Unsupported(method.getDeclaringClass().getSimpleName() + "." + Rules.signature(method)
                + (why.isEmpty() ? "" : " (" + why + ")") + ", called" + caller() + " " + place);
    }

    /** The block read values that depend on its input. */
    static Unsupported read(Method method, String place) {
        return new Unsupported(method.getDeclaringClass().getSimpleName() + "." + Rules.signature(method)
                + ", which reads values that depend on the picture, called" + caller() + " " + place);
    }

    GlintException toGlintException() {
        return GlintException.failure(
                        Reason.MODEL,
                        "a block that uses " + getMessage(),
                        "operators with a counterpart in ONNX",
                        "write that step of the block with other NDArray operators")
                .causedBy(this);
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
        return className.startsWith("dev.glint.exporter.trace.")
                || className.startsWith("java.")
                || className.startsWith("jdk.")
                || className.contains("$Proxy")
                || className.startsWith("ai.djl.ndarray.");
    }

    private static String simpleName(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
