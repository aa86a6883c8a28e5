package dev.glint.classify.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/** The page to drop a picture on: one file, which may run its own script, use its own style and ask its own server. */
final class StartPage {
    private final Answer answer;

    StartPage() {
        String page = resource();
        String policy = "default-src 'none'; script-src " + hash(inside(page, "script")) + "; style-src "
                + hash(inside(page, "style"))
                + "; img-src blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        answer = Answer.text(200, "text/html; charset=utf-8", page, Map.of("Content-Security-Policy", policy));
    }

    /** Its response. */
    Answer answer() {
        return answer;
    }

    private static String resource() {
        try (InputStream in = StartPage.class.getResourceAsStream("page.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String inside(String page, String element) {
        int start = page.indexOf("<" + element + ">") + element.length() + 2;
        return page.substring(start, page.indexOf("</" + element + ">", start));
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
