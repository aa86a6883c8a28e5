package dev.glint.classify.kernels;

import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.function.CFunction.Transition;
import org.graalvm.nativeimage.c.type.CCharPointer;
import org.graalvm.word.PointerBase;

/** The functions of {@code src/main/c/kernels/kernels.h}. */
final class LinkedLoops {
    private LinkedLoops() {}

    @CFunction(value = "glint_kernels_name", transition = Transition.NO_TRANSITION)
    static native CCharPointer name();

    @CFunction(value = "glint_kernels_byte_rate", transition = Transition.NO_TRANSITION)
    static native int byteRate();

    @CFunction(value = "glint_kernels_float_rate", transition = Transition.NO_TRANSITION)
    static native int floatRate();

    @CFunction("glint_convolution_of_bytes")
    static native PointerBase convolutionOfBytes(
            PointerBase shape,
            PointerBase weights,
            PointerBase bias,
            PointerBase multipliers,
            int inputZero,
            int outputZero,
            int low,
            int high);

    @CFunction("glint_convolution_of_floats")
    static native PointerBase convolutionOfFloats(
            PointerBase shape, PointerBase weights, PointerBase bias, float low, float high);

    @CFunction(value = "glint_convolution_workspace", transition = Transition.NO_TRANSITION)
    static native long workspace(PointerBase convolution);

    @CFunction("glint_convolution_run")
    static native void run(PointerBase convolution, PointerBase input, PointerBase output, PointerBase workspace);

    @CFunction("glint_convolution_free")
    static native void free(PointerBase convolution);

    @CFunction("glint_max_pool_bytes")
    static native void maxPoolBytes(PointerBase shape, PointerBase input, PointerBase output);

    @CFunction("glint_max_pool_floats")
    static native void maxPoolFloats(PointerBase shape, PointerBase input, PointerBase output);

    @CFunction("glint_add_bytes")
    static native void addBytes(
            PointerBase a,
            PointerBase b,
            PointerBase output,
            int count,
            float ratioA,
            float ratioB,
            float offset,
            int low,
            int high);

    @CFunction("glint_add_floats")
    static native void addFloats(PointerBase a, PointerBase b, PointerBase output, int count, float low, float high);

    @CFunction("glint_quantize")
    static native void quantize(PointerBase input, PointerBase output, int count, float scale, int zero);

    @CFunction("glint_dequantize")
    static native void dequantize(PointerBase input, PointerBase output, int count, float scale, int zero);
}
