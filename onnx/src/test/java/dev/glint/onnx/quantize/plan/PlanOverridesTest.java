package dev.glint.onnx.quantize.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanOverridesTest {
    @Test
    void nodesAreFloatOrIntegerAndSayWhy() {
        PlanOverrides read = PlanOverrides.read("{\"nodes\": {\"a\": \"float\", \"b\": \"integer\","
                + " \"c\": {\"type\": \"float\", \"reason\": \"it costs accuracy\"},"
                + " \"d\": {\"type\": \"float\", \"reason\": \"I like it\"}, \"e\": {\"type\": \"integer\"}}}");

        assertEquals(
                Map.of(
                        "a", Optional.of(FloatReason.EXCLUDED),
                        "b", Optional.empty(),
                        "c", Optional.of(FloatReason.COSTLY),
                        "d", Optional.of(FloatReason.EXCLUDED),
                        "e", Optional.empty()),
                read.nodes());
    }

    @Test
    void tensorsKeepWhatIsNotSaid() {
        PlanOverrides read = PlanOverrides.read("{\"weights\": {\"conv\": {\"granularity\": \"per-tensor\"}},"
                + " \"activations\": {\"x\": {\"type\": \"s8\", \"range\": [-1, 2.5]}}, \"ranges\": {\"y\": [0, 6]}}");
        Profile profile = Profile.int8(QuantizationPlan.Head.FLOAT);

        assertEquals(
                "s8 symmetric per tensor",
                read.schemes().weight("conv", profile).describe());
        assertEquals(
                "s8 asymmetric per tensor",
                read.schemes().activation("x", profile).describe());
        assertEquals(
                "u8 asymmetric per tensor",
                read.schemes().activation("y", profile).describe());
        assertEquals(Map.of("x", new Range(-1, 2.5f), "y", new Range(0, 6)), read.ranges());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|no JSON object",
                "[]|no JSON object",
                "{\"nodes\": {|no JSON that can be read",
                "{\"node\": {}}|the field 'node'",
                "{\"nodes\": 5}|'nodes' that is no object",
                "{\"nodes\": {\"a\": \"double\"}}|'double' for a",
                "{\"nodes\": {\"a\": []}}|for a",
                "{\"nodes\": {\"a\": {\"type\": {}}}}|'type' that is no text",
                "{\"weights\": {\"a\": {\"type\": \"s9\"}}}|the type 's9' of a",
                "{\"weights\": {\"a\": {\"symetry\": \"symmetric\"}}}|the field 'symetry' of a",
                "{\"weights\": {\"a\": {\"symmetry\": \"both\"}}}|the symmetry 'both' of a",
                "{\"weights\": {\"a\": {\"range\": [0, 1]}}}|a range for the weights of a",
                "{\"activations\": {\"a\": {\"granularity\": \"per-channel\"}}}|an activation per channel, a",
                "{\"activations\": {\"a\": {\"range\": [1, 0]}}}|the range [1,0] of a",
                "{\"ranges\": {\"a\": [0, 1e99]}}|the range [0,1e99] of a",
                "{\"ranges\": {\"a\": [0]}}|the range [0] of a",
                "{\"ranges\": {\"a\": [\"x\", null]}}|the range",
                "{\"schema\": \"glint.plan/2\"}|the schema",
            })
    void whatIsNoPlanIsRefused(String json, String expected) {
        GlintException refused = assertThrows(GlintException.class, () -> PlanOverrides.read(json));

        assertEquals(Reason.INPUT, refused.reason());
        assertTrue(String.valueOf(refused.getMessage()).contains(expected), refused.getMessage());
    }
}
