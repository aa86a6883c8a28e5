package dev.glint.onnx.trace;

import java.lang.reflect.Method;
import java.util.Set;

/** What kind of method of an array one is, beyond those that compute. */
final class Methods {
    /** What says something of an array but nothing of its elements, or makes one that has but its shape. */
    private static final Set<String> DESCRIPTIONS = Set.of(
            "getName",
            "getUid",
            "getDataType",
            "getDevice",
            "getShape",
            "getSparseFormat",
            "isReleased",
            "hasGradient",
            "zerosLike",
            "onesLike");

    /** What decides how long an array lives and what it is called. */
    private static final Set<String> LIFE =
            Set.of("setName", "setRequiresGradient", "attach", "tempAttach", "detach", "returnResource", "close");

    /** What reads elements. */
    private static final Set<String> READS = Set.of("toByteBuffer", "contentEquals", "toStringArray", "encode");

    /** What may give another array over the same memory. */
    private static final Set<String> VIEWS = Set.of(
            "reshape",
            "flatten",
            "expandDims",
            "squeeze",
            "transpose",
            "swapAxes",
            "broadcast",
            "split",
            "get",
            "diagonal",
            "stopGradient",
            "scaleGradient",
            "toDevice",
            "toType",
            "dropout");

    /** What changes an array in place. */
    private static final Set<String> CHANGES = Set.of(
            "addi",
            "subi",
            "muli",
            "divi",
            "modi",
            "powi",
            "negi",
            "signi",
            "rdivi",
            "rmodi",
            "rpowi",
            "set",
            "setScalar",
            "intern");

    private Methods() {}

    static boolean describes(Method method) {
        return DESCRIPTIONS.contains(method.getName());
    }

    static boolean decidesLife(Method method) {
        return LIFE.contains(method.getName());
    }

    static boolean reads(Method method) {
        return READS.contains(method.getName());
    }

    static boolean makesView(Method method) {
        return VIEWS.contains(method.getName());
    }

    static boolean changes(Method method) {
        return CHANGES.contains(method.getName());
    }

    /** Whether it changes the array that it is given. */
    static boolean fills(Method method) {
        return method.getName().equals("copyTo");
    }
}
