package dev.glint.runtime.model;

import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.glint.GlintEngine;
import dev.glint.runtime.engine.glint.Kernels;
import dev.glint.runtime.engine.glint.PortableKernels;
import dev.glint.runtime.engine.ort.OnnxRuntimeEngine;
import java.util.ArrayList;
import java.util.List;

/** The engines there are. */
public final class Engines {
    /** What ONNX Runtime takes to start and to open a small model, before its first picture. */
    private static final double START_NANOS = 20e6;

    /** What ONNX Runtime takes for a picture however small the network is. */
    private static final double LEAST_NANOS = 20e3;

    private Engines() {}

    /**
     * Those of a program that has no wishes and stays: ONNX Runtime, which is the faster one once it has started; where it cannot be
     * loaded, Glint's own engine in plain Java for the models that it knows.
     */
    public static List<Engine> standard() {
        List<Engine> engines = new ArrayList<>();
        try {
            engines.add(new OnnxRuntimeEngine());
        } catch (LinkageError e) {
            // Without its classes there is the other one.
        }
        engines.add(own(new PortableKernels()));
        return engines;
    }

    /** Glint's own engine for every model that it knows. */
    public static Engine own(Kernels kernels) {
        return new GlintEngine(kernels);
    }

    /**
     * Those of a program that ends when it has answered, the preferred one first. Glint's own engine is preferred if it has answered
     * for all pictures before ONNX Runtime could have started (20 ms), or if a picture takes it no longer than ONNX Runtime's least
     * (20 microseconds); it is the last resort too.
     *
     * @param kernels the loops of Glint's own engine
     * @param other ONNX Runtime
     * @param pictures how many there will be; {@link Long#MAX_VALUE} if nobody knows
     */
    public static List<Engine> forPictures(Kernels kernels, Engine other, long pictures) {
        GlintEngine own = new GlintEngine(kernels);
        return List.of(own.withLimit(Math.max(START_NANOS / pictures, LEAST_NANOS)), other, own);
    }
}
