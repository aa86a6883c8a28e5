package dev.glint.classify.ort;

/** The end of a process that has nothing more to say. */
public final class ProcessEnd {
    private ProcessEnd() {}

    /**
     * Ends the native binary's process without taking libraries down, which costs ONNX Runtime some milliseconds. Nothing runs
     * any more, shutdown hooks neither; what was written must be flushed.
     */
    public static void atOnce(int exitCode) {
        SystemCalls.exitAtOnce(exitCode);
    }
}
