package dev.glint.classify.bench;

import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Latency;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What was measured of one variant in one engine.
 *
 * @param engine its name
 * @param latency from the preprocessed tensor to the logits, warm
 * @param cold what a process that classifies one picture pays
 * @param speedUp how many times faster than fp32 in the same engine at the median; empty where no fp32 model was measured
 * @param accuracy on a test set, where one was given
 */
record Measurement(
        Variant variant,
        String engine,
        Latency latency,
        ColdProcess cold,
        OptionalDouble speedUp,
        Optional<Accuracy> accuracy) {

    /** Its variant, and the engine where the report has several. */
    String name(boolean severalEngines) {
        return severalEngines ? variant.name() + " in " + engine : variant.name();
    }
}
