package dev.glint.runtime.engine.glint;

/** A step as it is planned, before its weights are read. */
interface Operation {
    /** Reads the weights and packs them. */
    Step prepare(Kernels kernels, WeightReader weights);

    /** A step that has no weights is ready as it is planned. */
    static Operation ready(Step step) {
        return (kernels, weights) -> step;
    }
}
