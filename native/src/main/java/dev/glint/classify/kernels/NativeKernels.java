package dev.glint.classify.kernels;

import dev.glint.runtime.engine.glint.ConvolutionShape;
import dev.glint.runtime.engine.glint.FloatConvolution;
import dev.glint.runtime.engine.glint.Kernels;
import dev.glint.runtime.engine.glint.PoolingShape;
import dev.glint.runtime.engine.glint.PortableKernels;
import dev.glint.runtime.engine.glint.QuantizedConvolution;
import dev.glint.runtime.engine.glint.QuantizedSum;
import dev.glint.runtime.engine.glint.Requantization;
import org.graalvm.nativeimage.PinnedObject;
import org.graalvm.nativeimage.StackValue;
import org.graalvm.nativeimage.c.type.CTypeConversion;
import org.graalvm.word.Pointer;

/**
 * The loops in C, for this process' processor: AVX-512 with VNNI, AVX2 with or without VNNI, or SSE2; on ARM, NEON with or without dot products. In the
 * image only, which they are linked into.
 */
public final class NativeKernels implements Kernels {
    private static final double PER_NANOSECOND = 1e-3;

    private final HeldArrays arrays = new HeldArrays();
    private final PortableKernels portable = new PortableKernels();

    /** Looks at the processor. */
    public NativeKernels() {}

    @Override
    public String name() {
        return CTypeConversion.toJavaString(LinkedLoops.name());
    }

    @Override
    public double floatMultiplyAddsPerNanosecond() {
        return LinkedLoops.floatRate() * PER_NANOSECOND;
    }

    @Override
    public double byteMultiplyAddsPerNanosecond() {
        return LinkedLoops.byteRate() * PER_NANOSECOND;
    }

    @Override
    public void hold(Object array) {
        arrays.hold(array);
    }

    @Override
    public void release(Object array) {
        arrays.release(array);
    }

    @Override
    public QuantizedConvolution quantizedConvolution(
            ConvolutionShape shape, byte[] weights, int[] bias, int inputZeroPoint, Requantization requantization) {
        return new LinkedQuantizedConvolution(
                LinkedConvolution.pack(arrays, shape, weights, bias, inputZeroPoint, requantization));
    }

    @Override
    public FloatConvolution convolution(ConvolutionShape shape, float[] weights, float[] bias, float min, float max) {
        return new LinkedFloatConvolution(LinkedConvolution.pack(arrays, shape, weights, bias, min, max));
    }

    @Override
    public void maxPool(PoolingShape shape, byte[] input, byte[] output) {
        LinkedConvolution.requireRoom(input.length, shape.input().size());
        LinkedConvolution.requireRoom(output.length, shape.output().size());
        Pointer sizes = StackValue.get(Shapes.BYTES);
        Shapes.write(shape.input(), shape.output(), shape.window(), 1, sizes);
        PinnedObject inputPin = arrays.pin(input);
        PinnedObject outputPin = arrays.pin(output);
        LinkedLoops.maxPoolBytes(sizes, inputPin.addressOfArrayElement(0), outputPin.addressOfArrayElement(0));
        arrays.unpin(input, inputPin);
        arrays.unpin(output, outputPin);
    }

    @Override
    public void maxPool(PoolingShape shape, float[] input, float[] output) {
        LinkedConvolution.requireRoom(input.length, shape.input().size());
        LinkedConvolution.requireRoom(output.length, shape.output().size());
        Pointer sizes = StackValue.get(Shapes.BYTES);
        Shapes.write(shape.input(), shape.output(), shape.window(), 1, sizes);
        PinnedObject inputPin = arrays.pin(input);
        PinnedObject outputPin = arrays.pin(output);
        LinkedLoops.maxPoolFloats(sizes, inputPin.addressOfArrayElement(0), outputPin.addressOfArrayElement(0));
        arrays.unpin(input, inputPin);
        arrays.unpin(output, outputPin);
    }

    @Override
    public void add(QuantizedSum sum, byte[] a, byte[] b, byte[] output, int count) {
        LinkedConvolution.requireRoom(Math.min(Math.min(a.length, b.length), output.length), count);
        PinnedObject aPin = arrays.pin(a);
        PinnedObject bPin = arrays.pin(b);
        PinnedObject outputPin = arrays.pin(output);
        LinkedLoops.addBytes(
                aPin.addressOfArrayElement(0),
                bPin.addressOfArrayElement(0),
                outputPin.addressOfArrayElement(0),
                count,
                sum.ratioA(),
                sum.ratioB(),
                sum.offset(),
                sum.min(),
                sum.max());
        arrays.unpin(a, aPin);
        arrays.unpin(b, bPin);
        arrays.unpin(output, outputPin);
    }

    @Override
    public void add(float[] a, float[] b, float[] output, int count, float min, float max) {
        LinkedConvolution.requireRoom(Math.min(Math.min(a.length, b.length), output.length), count);
        PinnedObject aPin = arrays.pin(a);
        PinnedObject bPin = arrays.pin(b);
        PinnedObject outputPin = arrays.pin(output);
        LinkedLoops.addFloats(
                aPin.addressOfArrayElement(0),
                bPin.addressOfArrayElement(0),
                outputPin.addressOfArrayElement(0),
                count,
                min,
                max);
        arrays.unpin(a, aPin);
        arrays.unpin(b, bPin);
        arrays.unpin(output, outputPin);
    }

    /** In Java: there is nothing that C would do faster. */
    @Override
    public void lookUp(byte[] table, byte[] input, byte[] output, int count) {
        portable.lookUp(table, input, output, count);
    }

    @Override
    public void quantize(float[] input, byte[] output, int count, float scale, int zeroPoint) {
        LinkedConvolution.requireRoom(Math.min(input.length, output.length), count);
        PinnedObject inputPin = arrays.pin(input);
        PinnedObject outputPin = arrays.pin(output);
        LinkedLoops.quantize(
                inputPin.addressOfArrayElement(0), outputPin.addressOfArrayElement(0), count, scale, zeroPoint);
        arrays.unpin(input, inputPin);
        arrays.unpin(output, outputPin);
    }

    @Override
    public void dequantize(byte[] input, float[] output, int count, float scale, int zeroPoint) {
        LinkedConvolution.requireRoom(Math.min(input.length, output.length), count);
        PinnedObject inputPin = arrays.pin(input);
        PinnedObject outputPin = arrays.pin(output);
        LinkedLoops.dequantize(
                inputPin.addressOfArrayElement(0), outputPin.addressOfArrayElement(0), count, scale, zeroPoint);
        arrays.unpin(input, inputPin);
        arrays.unpin(output, outputPin);
    }
}
