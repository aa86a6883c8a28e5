package dev.glint.runtime.engine.glint;

import org.jspecify.annotations.Nullable;

/**
 * A value of the graph as it is known while a plan is made: an array, and what is to be done to each of its elements when they are
 * read. Nothing is computed until a step needs it.
 */
final class Activation implements Value {
    private final Storage storage;
    private final FloatFunction function;
    private final boolean flat;
    private @Nullable Storage computed;

    /**
     * A value.
     *
     * @param function what is done to each number, decoded if the array has bytes
     * @param flat whether the graph has it as (N, features), channel by channel, while the array keeps its pixels
     */
    Activation(Storage storage, FloatFunction function, boolean flat) {
        this.storage = storage;
        this.function = function;
        this.flat = flat;
    }

    Activation(Storage storage, boolean flat) {
        this(storage, new FloatFunction.Identity(), flat);
    }

    Storage storage() {
        return storage;
    }

    FeatureMap map() {
        return storage.map();
    }

    FloatFunction function() {
        return function;
    }

    boolean isFlat() {
        return flat;
    }

    /** Whether it is nothing but its array. */
    boolean isPlain() {
        return function instanceof FloatFunction.Identity;
    }

    /** Whether it is nothing but bytes with an encoding. */
    boolean isPlainBytes() {
        return storage.isBytes() && isPlain();
    }

    /** The same elements, flat or not. */
    Activation flattened(boolean now) {
        return new Activation(storage, function, now);
    }

    /** With one more function applied. */
    Activation then(FloatFunction next) {
        return new Activation(storage, function.then(next), flat);
    }

    /** The array of its numbers, once it was computed. */
    @Nullable Storage computed() {
        return computed;
    }

    void setComputed(Storage floats) {
        computed = floats;
    }
}
