package dev.glint.runtime.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.ForeignModel;
import dev.glint.runtime.testing.TinyModel;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the text is, a contract comes of it that is written and read as itself, or one line of failure. To search for new
 * inputs with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl runtime test -Dtest=ContractFuzzTest -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * </pre>
 */
class ContractFuzzTest {
    static Stream<byte[]> seeds() {
        String second = new ForeignModel(Layout.NHWC, ColorSpace.BGR, ElementType.UINT8, OutputKind.PROBABILITIES)
                .model()
                .getMetadataProps(0)
                .getValue();
        return Stream.of(
                        TinyModel.contract().toJson(),
                        second,
                        second.replace("\"resize-exact\"", "\"pad\",\"placement\":\"center\",\"color\":[1,2,3]"),
                        second.replace("\"schema\":2", "\"schema\":1"),
                        "{\"schema\":1e0}",
                        "[]")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void contract(byte[] data) {
        try {
            PreprocessContract contract = PreprocessContract.fromJson(new String(data, StandardCharsets.UTF_8));
            String json = contract.toJson();
            assertEquals(contract, PreprocessContract.fromJson(json));
            assertTrue(json.startsWith("{\"schema\":" + contract.schema() + ","), json);
            assertEquals(
                    contract.tensorSize(),
                    contract.shape().stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact));
        } catch (GlintException e) {
            assertEquals(Reason.MODEL, e.reason());
        }
    }
}
