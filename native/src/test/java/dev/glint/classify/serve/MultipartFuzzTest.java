package dev.glint.classify.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.classify.serve.MultipartForm.FilePart;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a form's bytes and its content type are, nothing but a {@link Refusal} with status 400 leaves its parser, and a file
 * that it finds stands in the form. The content type is the first line of the data. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl native -am test -Dtest='MultipartFuzzTest#form' -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Djazzer.hooks=true -Dtest.jvm.options=-Xmx512m
 * </pre>
 */
class MultipartFuzzTest {
    private static final String TYPE = "multipart/form-data; boundary=b\n";

    static Stream<byte[]> seeds() {
        String form = new String(MultipartFormTest.form("b", "a.png", new byte[] {1, 2}), StandardCharsets.ISO_8859_1);
        return Stream.of(
                        "",
                        TYPE,
                        TYPE + form,
                        TYPE + form + form,
                        TYPE + "--b\r\n\r\n\r\n--b\r\n\r\n--b--",
                        TYPE + "--b\r\nContent-Disposition: x; filename=\"a\\\"\r\n\r\n\r\n--b--",
                        "multipart/form-data; boundary=\"b\\\"\n--b--",
                        "a;=;;boundary\n")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void form(byte[] data) {
        String all = new String(data, StandardCharsets.ISO_8859_1);
        int end = Math.max(0, all.indexOf('\n'));
        byte[] body = Arrays.copyOfRange(data, Math.min(data.length, end + 1), data.length);
        try {
            FilePart file = MultipartForm.onlyFile(body, all.substring(0, end));

            assertTrue(all.substring(end).contains(new String(file.content(), StandardCharsets.ISO_8859_1)));
            assertFalse(file.name().isEmpty());
            assertTrue(file.name().length() <= 255, file.name());
        } catch (Refusal e) {
            assertEquals(400, e.status());
        }
    }
}
