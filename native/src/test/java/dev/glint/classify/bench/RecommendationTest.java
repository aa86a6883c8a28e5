package dev.glint.classify.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.evaluate.LatencyMeasurement.ColdStart;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RecommendationTest {
    private static final double MAX_DROP = 0.5;

    /** Of fp32 at 100 nanoseconds, in one engine. */
    private static Measurement measured(String name, long nanos, int correct) {
        return measured(name, "ort", nanos, OptionalDouble.of(100.0 / nanos), Optional.of(new Accuracy(correct, 1000)));
    }

    private static Measurement measured(
            String name, String engine, long nanos, OptionalDouble speedUp, Optional<Accuracy> accuracy) {
        return new Measurement(
                new Variant(name + ".onnx", Path.of("m", name + ".onnx"), 10, ""),
                engine,
                new Latency(1, nanos, nanos, nanos),
                new ColdProcess(new ColdStart(1, 1), 1, OptionalLong.empty()),
                speedUp,
                accuracy);
    }

    private static Recommendation choose(Measurement... measurements) {
        return Recommendation.choose(List.of(measurements), MAX_DROP);
    }

    @Test
    void theFastestThatIsAccurateEnoughIsChosen() {
        Recommendation recommendation =
                choose(measured("fp32", 100, 900), measured("int8", 40, 895), measured("int8-s8s8", 25, 894));

        assertEquals("int8.onnx", recommendation.chosen().variant().name());
        assertEquals("int8.onnx: 2.50 times as fast as fp32 and accurate enough", recommendation.reason());
        assertEquals(
                List.of("not int8-s8s8.onnx: 0.60 points less accurate than fp32.onnx, 0.50 may be lost"),
                recommendation.refusals());
    }

    @Test
    void integersThatAreSlowerAreRefused() {
        Recommendation recommendation = choose(measured("fp32", 100, 900), measured("int8", 160, 900));

        assertEquals("fp32.onnx", recommendation.chosen().variant().name());
        assertEquals("fp32.onnx: nothing is faster and accurate enough", recommendation.reason());
        assertEquals(List.of("not int8.onnx: no faster than fp32.onnx (0.63x)"), recommendation.refusals());
    }

    @Test
    void equallyFastIsNoGain() {
        assertEquals(
                "fp32.onnx",
                choose(measured("fp32", 100, 900), measured("int8", 100, 900))
                        .chosen()
                        .variant()
                        .name());
    }

    @Test
    void withoutFloatsTheMostAccurateIsTheMeasure() {
        Recommendation recommendation = choose(measured("int8", 40, 900), measured("int4", 20, 800));

        assertEquals("int8.onnx", recommendation.chosen().variant().name());
        assertEquals(
                List.of("not int4.onnx: 10.00 points less accurate than int8.onnx, 0.50 may be lost"),
                recommendation.refusals());
    }

    @Test
    void withoutPicturesTheAccuracyIsLeftOpen() {
        Recommendation recommendation = choose(
                measured("fp32", "ort", 100, OptionalDouble.of(1), Optional.empty()),
                measured("int8", "ort", 50, OptionalDouble.of(2), Optional.empty()));

        assertEquals(
                "int8.onnx: 2.00 times as fast as fp32; accuracy was not measured (--data)", recommendation.reason());
    }

    @Test
    void enginesAreComparedAsWell() {
        Recommendation recommendation = choose(
                measured("fp32", "glint", 300, OptionalDouble.of(1), Optional.empty()),
                measured("fp32", "ort", 100, OptionalDouble.of(1), Optional.empty()),
                measured("int8", "glint", 90, OptionalDouble.of(3.33), Optional.empty()),
                measured("int8", "ort", 30, OptionalDouble.of(3.33), Optional.empty()));

        assertEquals("ort", recommendation.chosen().engine());
        assertEquals(
                "int8.onnx in ort: 3.33 times as fast as fp32; accuracy was not measured (--data)",
                recommendation.reason());
        assertEquals(List.of(), recommendation.refusals());
    }

    @Test
    void theOwnEngineIsForTheFirstPictures() {
        Measurement own = started("glint", 90, 1_000);

        assertEquals(0, choose(started("ort", 30, 4_000)).ortFrom());
        assertEquals(Long.MAX_VALUE, choose(own).ortFrom());
        // 3,000 later, 60 less for each picture: level with 51, in front with 52.
        Recommendation both = choose(own, started("ort", 30, 4_000));
        assertEquals(52, both.ortFrom());
        assertEquals(
                Optional.of(
                        "Glint's own engine is done first with fewer than 52 pictures in a process, ONNX Runtime with more."),
                both.engines());
        assertEquals(Long.MAX_VALUE, choose(own, started("ort", 90, 4_000)).ortFrom());
        assertEquals(0, choose(own, started("ort", 30, 900)).ortFrom());
    }

    private static Measurement started(String engine, long nanos, long processNanos) {
        return new Measurement(
                new Variant("int8.onnx", Path.of("m", "int8.onnx"), 10, ""),
                engine,
                new Latency(1, nanos, nanos, nanos),
                new ColdProcess(new ColdStart(1, 1), processNanos, OptionalLong.empty()),
                OptionalDouble.empty(),
                Optional.empty());
    }

    @Test
    void aSingleModelIsItsOwnMeasure() {
        Recommendation recommendation = choose(measured("int8", "ort", 30, OptionalDouble.empty(), Optional.empty()));

        assertEquals("int8.onnx: there is no other", recommendation.reason());
    }
}
