package dev.glint.trainer.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Numbers for the operators of a forward pass in training. The engine's backward pass needs the factor of a product, but
 * DJL makes {@code array.mul(number)} from memory of Java's, which may be collected before.
 */
public final class Numbers {
    private Numbers() {}

    /** A number in the engine's own memory, of no dimension, owned by the manager. */
    public static NDArray of(double value, NDManager manager) {
        try (NDArray borrowed = manager.create((float) value)) {
            return borrowed.duplicate();
        }
    }
}
