package dev.glint.trainer.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;

/**
 * A page that needs nothing but itself: styles, scripts, charts and pictures are inside. Its content security policy
 * admits no connection and, by their digests, no script but the two of Glint, whatever a label or a path contains.
 */
final class Page {
    private static final String ECHARTS = "META-INF/resources/webjars/echarts/%s/echarts.min.js";
    private static final String ECHARTS_POM = "META-INF/maven/org.webjars/echarts/pom.properties";
    private static final Gson GSON = new GsonBuilder().serializeNulls().create();

    private Page() {}

    /**
     * Builds a page.
     *
     * @param title text
     * @param body markup
     * @param charts by the names that {@link Html#chart} has; what {@code report.js} draws
     */
    static String render(String title, Html body, Map<String, JsonObject> charts) {
        String echarts = echarts();
        String script = resource("dev/glint/trainer/report/report.js");
        String policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src " + digest(echarts)
                + " " + digest(script);
        // Gson writes < > & = ' as escapes, so that no text can end the element that holds the data.
        return new Html()
                .raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .add("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n", policy)
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .raw("<meta name=\"color-scheme\" content=\"light dark\">\n")
                .add("<title>{}</title>\n", title)
                .raw("<style>\n" + resource("dev/glint/trainer/report/report.css") + "</style>\n</head>\n<body>\n")
                .raw("<main>\n" + body + "</main>\n")
                .raw("<script type=\"application/json\" id=\"charts\">" + GSON.toJson(charts) + "</script>\n")
                .raw("<script>" + echarts + "</script>\n<script>" + script + "</script>\n</body>\n</html>\n")
                .toString();
    }

    private static String digest(String script) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String echarts() {
        Properties pom = new Properties();
        try (InputStream in = open(ECHARTS_POM)) {
            pom.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return resource(String.format(ECHARTS, pom.getProperty("version")));
    }

    private static String resource(String name) {
        try (InputStream in = open(name)) {
            // A browser computes the digest of a script after it has turned line ends into \n.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        InputStream in = Page.class.getClassLoader().getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException("no resource " + name);
        }
        return in;
    }
}
