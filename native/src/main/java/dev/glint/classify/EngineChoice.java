package dev.glint.classify;

import java.util.Locale;

/** Which engine a command line asks for. */
enum EngineChoice {
    /** What is faster here for this model and so many pictures. */
    AUTO,
    /** Glint's own. */
    GLINT,
    /** ONNX Runtime. */
    ORT;

    /** Its name on a command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
