package dev.glint.runtime.engine.glint;

/** Why this engine does not run a graph. It is asked about every model, so it costs no stack trace. */
final class UnsupportedGraph extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnsupportedGraph(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
