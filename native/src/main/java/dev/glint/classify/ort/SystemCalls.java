package dev.glint.classify.ort;

import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.function.CFunction.Transition;
import org.graalvm.nativeimage.c.function.CFunctionPointer;
import org.graalvm.nativeimage.c.type.CCharPointer;
import org.graalvm.word.PointerBase;

/** Functions of the C library; there are none on the JVM. */
final class SystemCalls {
    /** {@code RTLD_NOW}: a library that lacks a symbol is refused when it is loaded. */
    static final int ALL_SYMBOLS_NOW = 2;

    private SystemCalls() {}

    @CFunction("dlopen")
    static native PointerBase loadLibrary(CCharPointer file, int flags);

    @CFunction("dlsym")
    static native CFunctionPointer findSymbol(PointerBase library, CCharPointer name);

    @CFunction("dlerror")
    static native CCharPointer libraryError();

    @CFunction("setenv")
    static native int setVariable(CCharPointer name, CCharPointer value, int replace);

    @CFunction(value = "_exit", transition = Transition.NO_TRANSITION)
    static native void exitAtOnce(int code);
}
