package dev.glint.onnx.quantize.correct;

import java.util.List;
import java.util.Optional;

/** All corrections that there are. */
public final class Corrections {
    private Corrections() {}

    /** Those that cost no more than another look at the pictures. */
    public static List<Correction> quick() {
        return List.of(new WeightBiasCorrection());
    }

    /** The best ones that there are, in the order in which they build on each other: as long as it takes. */
    public static List<Correction> thorough() {
        return List.of(
                new CrossLayerEqualization(), new BiasAbsorption(), new BiasCorrection(), new AdaptiveRounding());
    }

    /** Each by itself, in the order in which they build on each other. */
    public static List<Correction> known() {
        return List.of(
                new CrossLayerEqualization(),
                new BiasAbsorption(),
                new WeightBiasCorrection(),
                new BiasCorrection(),
                new AdaptiveRounding());
    }

    /** The one of a name. */
    public static Optional<Correction> named(String name) {
        return known().stream()
                .filter(correction -> correction.name().equals(name))
                .findFirst();
    }
}
