package dev.glint.classify.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.classify.serve.MultipartForm.FilePart;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MultipartFormTest {
    private static final String TYPE = "multipart/form-data; boundary=b";

    /** A form with a field and a file, as {@code curl -F} writes it. */
    static byte[] form(String boundary, String name, byte[] content) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(bytes("--" + boundary
                + "\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nany\r\n--" + boundary
                + "\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"" + name.replace("\"", "\\\"")
                + "\"\r\nContent-Type: image/png\r\n\r\n"));
        form.writeBytes(content);
        form.writeBytes(bytes("\r\n--" + boundary + "--\r\n"));
        return form.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static FilePart file(String form) {
        return MultipartForm.onlyFile(bytes(form), TYPE);
    }

    private static void assertRefused(String line, String form) {
        Refusal refusal = assertThrows(Refusal.class, () -> file(form));
        assertEquals(400, refusal.status());
        assertTrue(refusal.getMessage().startsWith(line), refusal.getMessage());
    }

    @Test
    void theFileIsFoundAmongTheFields() {
        byte[] content = {1, '\r', '\n', '-', '-', 'b', 'x', '\r', '\n', '-', '-', 2, '\r', '\n'};
        String boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW";

        FilePart file = MultipartForm.onlyFile(
                form(boundary, "C:\\pictures\\\u00e9t\u00e9.png", content),
                "Multipart/Form-Data; charset=utf-8; Boundary=\"" + boundary + "\"");

        assertEquals("\u00e9t\u00e9.png", file.name());
        assertArrayEquals(content, file.content());
    }

    @Test
    void whatTheRfcAllowsIsTaken() {
        assertEquals(
                "a",
                file("preamble\r\n--b \t\r\nContent-Disposition: form-data; filename=a\r\n\r\nx\r\n--b--epilogue")
                        .name());
        assertEquals(
                "",
                new String(
                        file("--b\r\ncontent-DISPOSITION: form-data; name=\"f\"; filename=\"a\"\r\n\r\n\r\n--b--")
                                .content(),
                        StandardCharsets.UTF_8));
        assertEquals(
                "picture",
                file("--b\r\nContent-Disposition: form-data; filename=\"\"\r\n\r\nx\r\n--b--")
                        .name());
        assertEquals(
                "a;b",
                file("--b\r\nContent-Disposition: x; name=\"a=b\"; filename=\"a;b\"\r\n\r\nx\r\n--b--")
                        .name());
        assertEquals(
                "a",
                file("--b\r\n\r\nno headers\r\n--b\r\nContent-Disposition: x; filename=a\r\n\r\nx\r\n--b--")
                        .name());
    }

    @Test
    void formsThatAreNoneAreRefused() {
        String part = "--b\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\nx\r\n";

        assertRefused("found a form without its boundary", "");
        assertRefused("found a form without its boundary", "--c--");
        assertRefused("found a form without a file", "--b--");
        assertRefused("found a form without a file", "--b\r\n\r\n\r\n--b--");
        assertRefused("found several files", part + part + "--b--");
        assertRefused("found a form that ends too early", "--b");
        assertRefused("found a form that ends too early", part + "--b");
        assertRefused("found a form that ends too early", part);
        assertRefused("found a boundary with something behind it", "--bx\r\n\r\n--b--");
        assertRefused("found a part of a form without its headers", "--b\r\nabc\r\n--b--");
        assertRefused(
                "found a part of a form without its headers", "--b\r\nA: " + "a".repeat(9_000) + "\r\n\r\n\r\n--b--");
        assertRefused("found a form of more than 100 parts", "--b\r\n\r\n\r\n".repeat(200) + "--b--");
    }

    @Test
    void boundariesThatAreNoneAreRefused() {
        for (String type : new String[] {
            "multipart/form-data",
            "multipart/form-data;",
            "multipart/form-data; boundary",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=\"b\r\n\"",
            "multipart/form-data; boundary=\"b ",
            "multipart/form-data; boundary=" + "b".repeat(71)
        }) {
            Refusal refusal = assertThrows(Refusal.class, () -> MultipartForm.onlyFile(bytes("--b--"), type), type);
            assertTrue(refusal.getMessage().startsWith("found a form without a boundary"), type);
        }
    }

    @Test
    void typesAreComparedWithoutTheirParameters() {
        assertTrue(MultipartForm.isType(" MULTIPART/form-data ; boundary=b"));
        assertFalse(MultipartForm.isType("multipart/form-database"));
        assertEquals(Optional.empty(), MultipartForm.parameter("a; b", "b"));
        assertEquals(Optional.of("c=d"), MultipartForm.parameter("a; b=c=d", "B"));
    }
}
