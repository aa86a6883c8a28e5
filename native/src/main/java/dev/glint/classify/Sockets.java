package dev.glint.classify;

import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.function.CFunction.Transition;

/** The native binary makes no socket ({@code src/main/c/sockets.c}) until it is to serve. */
final class Sockets {
    private Sockets() {}

    /** From now on there may be sockets. */
    static void allow() {
        if (NativeBinary.RUNNING) {
            allowInImage();
        }
    }

    @CFunction(value = "glint_allow_sockets", transition = Transition.NO_TRANSITION)
    private static native void allowInImage();
}
