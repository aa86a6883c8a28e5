package dev.glint.trainer.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Numbers for arithmetic with arrays. {@code NDArray.mul(Number)} and its like copy the number to the array's device, and
 * a copy to a GPU waits until the GPU has done all it was given; a number that stays on the CPU goes along with the
 * operation.
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

    /** A number, rounded to 32 bits. */
    public NDArray of(double value) {
        return host.create((float) value);
    }
}
