package dev.glint.runtime.engine.glint;

/** One step of a plan, ready to run. */
interface Step {
    /** Does it for the picture at hand. Allocates nothing. */
    void run(Memory memory);

    /** Bytes that it needs to work in. */
    default int workspaceBytes() {
        return 0;
    }

    /** Floats that it needs to work in. */
    default int workspaceFloats() {
        return 0;
    }

    /** Frees what lies outside the heap. */
    default void close() {
        // Most have nothing there.
    }
}
