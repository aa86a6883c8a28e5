package dev.glint.runtime.model;

import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.ort.OnnxRuntimeEngine;
import java.util.List;

/** The engines there are. */
public final class Engines {
    private Engines() {}

    /** Those of a program that has no wishes, the preferred one first. */
    public static List<Engine> standard() {
        return List.of(new OnnxRuntimeEngine());
    }
}
