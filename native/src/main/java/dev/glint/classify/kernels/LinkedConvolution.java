package dev.glint.classify.kernels;

import dev.glint.runtime.engine.glint.ConvolutionShape;
import dev.glint.runtime.engine.glint.Requantization;
import org.graalvm.nativeimage.PinnedObject;
import org.graalvm.nativeimage.StackValue;
import org.graalvm.word.Pointer;
import org.graalvm.word.PointerBase;
import org.graalvm.word.WordFactory;

/** A convolution that C has packed, of bytes or of floats. */
final class LinkedConvolution {
    private final HeldArrays arrays;
    private final int inputSize;
    private final int outputSize;
    private final long workspaceBytes;
    /** Of {@code struct glint_convolution}; 0 once it is freed. */
    private long address;

    private LinkedConvolution(HeldArrays arrays, ConvolutionShape shape, PointerBase convolution) {
        if (convolution.isNull()) {
            throw new OutOfMemoryError("no memory for " + shape.weights() + " weights");
        }
        this.arrays = arrays;
        this.inputSize = shape.input().size();
        this.outputSize = shape.output().size();
        this.workspaceBytes = LinkedLoops.workspace(convolution);
        this.address = convolution.rawValue();
    }

    static LinkedConvolution pack(
            HeldArrays arrays,
            ConvolutionShape shape,
            byte[] weights,
            int[] bias,
            int inputZeroPoint,
            Requantization requantization) {
        requireRoom(weights.length, shape.weights());
        requireRoom(
                Math.min(bias.length, requantization.multipliers().length),
                shape.output().channels());
        Pointer sizes = StackValue.get(Shapes.BYTES);
        Shapes.write(shape.input(), shape.output(), shape.window(), shape.groups(), sizes);
        try (PinnedObject weightsPin = PinnedObject.create(weights);
                PinnedObject biasPin = PinnedObject.create(bias);
                PinnedObject multipliersPin = PinnedObject.create(requantization.multipliers())) {
            PointerBase convolution = LinkedLoops.convolutionOfBytes(
                    sizes,
                    weightsPin.addressOfArrayElement(0),
                    biasPin.addressOfArrayElement(0),
                    multipliersPin.addressOfArrayElement(0),
                    inputZeroPoint,
                    requantization.zeroPoint(),
                    requantization.min(),
                    requantization.max());
            return new LinkedConvolution(arrays, shape, convolution);
        }
    }

    static LinkedConvolution pack(
            HeldArrays arrays, ConvolutionShape shape, float[] weights, float[] bias, float min, float max) {
        requireRoom(weights.length, shape.weights());
        requireRoom(bias.length, shape.output().channels());
        Pointer sizes = StackValue.get(Shapes.BYTES);
        Shapes.write(shape.input(), shape.output(), shape.window(), shape.groups(), sizes);
        try (PinnedObject weightsPin = PinnedObject.create(weights);
                PinnedObject biasPin = PinnedObject.create(bias)) {
            PointerBase convolution = LinkedLoops.convolutionOfFloats(
                    sizes, weightsPin.addressOfArrayElement(0), biasPin.addressOfArrayElement(0), min, max);
            return new LinkedConvolution(arrays, shape, convolution);
        }
    }

    /** Memory is C's from here on: what Java would find by an exception is looked for before. */
    static void requireRoom(int length, long needed) {
        if (length < needed) {
            throw new IllegalArgumentException("an array of " + length + " elements, " + needed + " are needed");
        }
    }

    /** Elements of so many bytes each that a run works in. */
    int workspace(int elementBytes) {
        return Math.toIntExact((workspaceBytes + elementBytes - 1) / elementBytes);
    }

    void run(byte[] input, byte[] output, byte[] workspace) {
        requireRoom(input.length, inputSize);
        requireRoom(output.length, outputSize);
        requireRoom(workspace.length, workspaceBytes);
        runPinned(input, output, workspace);
    }

    void run(float[] input, float[] output, float[] workspace) {
        requireRoom(input.length, inputSize);
        requireRoom(output.length, outputSize);
        requireRoom(workspace.length, workspace(Float.BYTES));
        runPinned(input, output, workspace);
    }

    private void runPinned(Object input, Object output, Object workspace) {
        if (address == 0) {
            throw new IllegalStateException("a convolution that is closed");
        }
        PinnedObject inputPin = arrays.pin(input);
        PinnedObject outputPin = arrays.pin(output);
        PinnedObject workspacePin = arrays.pin(workspace);
        LinkedLoops.run(
                WordFactory.pointer(address),
                inputPin.addressOfArrayElement(0),
                outputPin.addressOfArrayElement(0),
                workspacePin.addressOfArrayElement(0));
        arrays.unpin(input, inputPin);
        arrays.unpin(output, outputPin);
        arrays.unpin(workspace, workspacePin);
    }

    synchronized void close() {
        long freed = address;
        address = 0;
        LinkedLoops.free(WordFactory.pointer(freed));
    }
}
