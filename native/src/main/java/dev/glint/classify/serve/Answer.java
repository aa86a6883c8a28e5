package dev.glint.classify.serve;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.glint.console.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A response.
 *
 * @param headers those beside its type and what every response has
 */
record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
    private static final String JSON = "application/json";
    /** The method that asks for headers only: its answer ends the exchange. */
    static final String HEAD = "HEAD";

    /** Of answers about pictures, as {@code classify --json} has them. */
    static final String PICTURES = "glint.classify/1";

    /** Of answers about the server. */
    static final String SERVER = "glint.serve/1";

    /** 200, with a JSON object of one line. */
    static Answer json(JsonObject object) {
        return json(200, object, Map.of());
    }

    /** The line of a refusal, as a report of {@code classify --json} has it that was cut short. */
    static Answer error(Refusal refusal) {
        JsonObject object = object(PICTURES);
        object.addProperty("error", refusal.getMessage());
        return json(refusal.status(), object, refusal.headers());
    }

    /** An object that begins with its schema. */
    static JsonObject object(String schema) {
        JsonObject object = new JsonObject();
        object.addProperty("schema", schema);
        return object;
    }

    private static Answer json(int status, JsonObject object, Map<String, String> headers) {
        return text(status, JSON, JsonText.line(object) + "\n", headers);
    }

    /** Text in UTF-8. */
    static Answer text(int status, String contentType, String text, Map<String, String> headers) {
        return new Answer(status, contentType, text.getBytes(StandardCharsets.UTF_8), headers);
    }

    /**
     * Writes it; nothing but the end of the exchange is left to do.
     *
     * @param last whether the connection is closed behind it
     */
    void write(HttpExchange exchange, boolean last) throws IOException {
        Headers to = exchange.getResponseHeaders();
        to.set("Content-Type", contentType);
        to.set("Cache-Control", "no-store");
        to.set("X-Content-Type-Options", "nosniff");
        to.set("Referrer-Policy", "no-referrer");
        to.set("Cross-Origin-Resource-Policy", "same-origin");
        to.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        headers.forEach(to::set);
        if (last) {
            to.set("Connection", "close");
        }
        if (exchange.getRequestMethod().equals(HEAD)) {
            to.set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.getResponseBody().flush();
    }
}
