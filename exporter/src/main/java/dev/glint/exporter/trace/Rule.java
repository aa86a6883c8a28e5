package dev.glint.exporter.trace;

/** How one operator of DJL is written in ONNX. */
@FunctionalInterface
interface Rule {
    /** Adds the nodes and names the results. */
    void record(Call call);
}
