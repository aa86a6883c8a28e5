package dev.glint.trainer.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Numbers for arithmetic with arrays, in place of {@code array.mul(number)} and its like, which have two faults. They copy
 * the number to the array's device, and a copy to a GPU waits until the GPU has done all it was given: {@link #number}
 * stays on the CPU and goes along with the operation. And the copy is made from memory of Java's that the engine's
 * backward pass does not hold, so that a garbage collection before it makes gradients wrong: {@link #constant} lies in
 * memory of the engine's own.
 */
public final class Scalars {
    private final NDManager host;

    /**
     * A source of numbers.
     *
     * @param owner closes those that are still there when it is closed itself
     */
    public Scalars(NDManager owner) {
        this.host = owner.newSubManager(Device.cpu());
    }

    /**
     * A number, rounded to 32 bits, on the CPU, of no dimension. A gradient may need it only as long as the owner is open.
     */
    public NDArray number(double value) {
        return host.create((float) value);
    }

    /**
     * A number, rounded to 32 bits, of no dimension, for a forward pass in training: the backward pass may need it after
     * the manager is closed.
     *
     * @param manager owns the array, and says on which device it is
     */
    public static NDArray constant(double value, NDManager manager) {
        try (NDArray borrowed = manager.create((float) value)) {
            return borrowed.duplicate();
        }
    }
}
