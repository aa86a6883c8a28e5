package dev.glint.classify.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server answers, to a client that behaves and to others. */
class PictureServerTest {
    private static final String LOGGED = "[-0-9:TZ]{20} 127.0.0.1 (GET|\\?) /[!-~]{1,199} [0-9]{3} [0-9.]+ ms";
    private static final String RED = "\"candidates\":[{\"label\":\"red\",\"index\":0,\"probability\":0.767212}";

    @TempDir
    private Path folder;

    private RunningServer running;

    @BeforeEach
    void start() {
        try {
            running = new RunningServer(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        running.close();
        assertEquals(0, running.engine.sessions(), "sessions that nobody closed");
    }

    private static void assertError(int status, String line, HttpResponse<String> response) {
        assertEquals(
                "application/json",
                response.headers().firstValue("Content-Type").orElseThrow());
        assertError(status, line, response.statusCode(), response.body());
    }

    private static void assertError(int status, String line, int code, String body) {
        assertEquals(status, code, body);
        assertEquals(1, body.lines().count(), body);
        JsonObject json = JsonParser.parseString(body).getAsJsonObject();
        assertEquals("glint.classify/1", json.get("schema").getAsString());
        assertTrue(json.get("error").getAsString().startsWith(line), body);
        assertEquals(2, json.size());
    }

    /** The same for a response that was read byte by byte. */
    private static void assertRawError(int status, String line, String response) {
        assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
        String body = response.substring(response.indexOf("\r\n\r\n") + 4);
        assertError(status, line, Integer.parseInt(response.substring(9, 12)), body);
    }

    @Test
    void aPictureInTheBodyGetsTheAnswerOfTheCommandLine() throws IOException, InterruptedException {
        HttpResponse<String> response = running.post("/classify?top-k=2", RunningServer.reddish());

        assertEquals(200, response.statusCode());
        assertEquals(
                "{\"schema\":\"glint.classify/1\",\"model\":\"model.onnx\",\"pictures\":[{\"file\":\"body\"," + RED
                        + ",{\"label\":\"green\",\"index\":1,\"probability\":0.159834}]}]}\n",
                response.body());
    }

    @Test
    void aPictureInChunksGetsAnAnswer() throws IOException, InterruptedException {
        byte[] picture = RunningServer.reddish();
        HttpRequest request = HttpRequest.newBuilder(running.uri("/classify"))
                .POST(BodyPublishers.ofByteArrays(
                        List.of(Arrays.copyOf(picture, 10), Arrays.copyOfRange(picture, 10, picture.length))))
                .build();

        assertTrue(running.send(request).body().contains(RED));
    }

    @Test
    void aPictureInAFormGetsAnAnswerWithItsName() throws IOException, InterruptedException {
        byte[] form = MultipartFormTest.form("b", "a \"quoted\" <name>.png", RunningServer.reddish());

        HttpResponse<String> response =
                running.post("/classify", form, "Content-Type", "multipart/form-data; boundary=b");

        assertEquals(200, response.statusCode(), response.body());
        assertEquals(
                "a \"quoted\" <name>.png",
                JsonParser.parseString(response.body())
                        .getAsJsonObject()
                        .getAsJsonArray("pictures")
                        .get(0)
                        .getAsJsonObject()
                        .get("file")
                        .getAsString());
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws IOException, InterruptedException {
        for (String path : List.of("/nowhere", "/classify/", "/%2e%2e/etc/passwd", "/%3Cscript%3E")) {
            assertError(404, "found no such path, expected one of /, /classify,", running.get(path));
        }
        assertRawError(
                404,
                "found no such path",
                running.raw("GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        HttpResponse<String> get = running.get("/classify");
        assertError(405, "found another method, expected POST", get);
        assertEquals("POST", get.headers().firstValue("Allow").orElseThrow());
        HttpResponse<String> post = running.post("/health", new byte[0]);
        assertError(405, "found another method, expected GET, HEAD", post);
        assertRawError(
                405,
                "found another method",
                running.raw("BREW /classify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    }

    @Test
    void aQueryThatMakesNoSenseIsRefused() throws IOException, InterruptedException {
        for (String query : List.of("top-k=0", "top-k=-1", "top-k=x", "top-k=1&a=b", "k=1", "top-k=99999999999")) {
            assertError(400, "found another query", running.post("/classify?" + query, RunningServer.reddish()));
        }
    }

    @Test
    void whatIsNoPictureIsRefused() throws IOException, InterruptedException {
        assertError(415, "body: found a text file", running.post("/classify", "text".getBytes(StandardCharsets.UTF_8)));
        assertError(415, "body: found an empty file", running.post("/classify", new byte[0]));
        byte[] cut = Arrays.copyOf(RunningServer.reddish(), 50);
        assertError(422, "body: found ", running.post("/classify", cut));
        byte[] form = MultipartFormTest.form("b", "<script>alert(1)</script>", cut);
        HttpResponse<String> response =
                running.post("/classify", form, "Content-Type", "multipart/form-data; boundary=b");
        assertError(422, "script>: found ", response);
        assertEquals(
                "nosniff",
                response.headers().firstValue("X-Content-Type-Options").orElseThrow());
    }

    @Test
    void aPictureThatUnpacksToGigabytesIsRefused() throws IOException, InterruptedException {
        byte[] bomb = "P6 16384 16384 255\n".getBytes(StandardCharsets.US_ASCII);

        assertError(413, "body: found a picture of 16384x16384", running.post("/classify", bomb));
    }

    @Test
    void pagesOfOtherSitesAreRefused() throws IOException, InterruptedException {
        assertError(
                403,
                "found a page of another site",
                running.post("/classify", RunningServer.reddish(), "Sec-Fetch-Site", "cross-site"));
        assertEquals(
                200,
                running.post("/classify", RunningServer.reddish(), "Sec-Fetch-Site", "same-origin")
                        .statusCode());
    }

    @Test
    void encodingsAndFormsThatAreNotReadAreRefused() throws IOException, InterruptedException {
        byte[] picture = RunningServer.reddish();

        assertError(
                415,
                "found a body with a content encoding",
                running.post("/classify", picture, "Content-Encoding", "gzip"));
        assertError(
                415,
                "found another kind of multipart",
                running.post("/classify", picture, "Content-Type", "multipart/mixed; boundary=b"));
        assertError(
                400,
                "found a form without a boundary",
                running.post("/classify", picture, "Content-Type", "multipart/form-data"));
        assertError(
                400,
                "found a form without its boundary",
                running.post("/classify", picture, "Content-Type", "multipart/form-data; boundary=b"));
    }

    @Test
    void moreBytesThanTheLimitAreRefused() throws IOException, InterruptedException {
        byte[] many = new byte[RunningServer.MAX_BYTES + 1];

        assertError(413, "found a request of more bytes, expected at most 100000", running.post("/classify", many));
        HttpRequest chunked = HttpRequest.newBuilder(running.uri("/classify"))
                .POST(BodyPublishers.ofByteArrays(List.of(many, many)))
                .build();
        assertError(413, "found a request of more bytes, expected at most 100000", running.send(chunked));
        assertRawError(
                413,
                "found a request of more bytes",
                running.raw(
                        "POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000000000000\r\n\r\n"));
    }

    @Test
    void aBodyWithoutALengthIsRefused() throws IOException {
        assertRawError(
                411,
                "found a request without a length",
                running.raw("POST /classify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        assertRawError(411, "found a request without a length", running.raw("POST /classify HTTP/1.0\r\n\r\n"));
    }

    @Test
    void chunksThatMakeNoSenseAreRefused() throws IOException {
        String head = "POST /classify HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";

        for (String chunk : List.of("x\r\n", "ffffffff\r\nabc", "3\r\nabcdef\r\n", "1".repeat(5_000))) {
            assertRawError(400, "found a body that breaks off", running.raw(head + chunk));
        }
    }

    @Test
    void aClientThatSendsItsBodyTooSlowlyIsToldAndCutOff() throws IOException {
        assertRawError(
                408,
                "found a request that was not sent within 3 s",
                running.raw("POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n", "a"));
        assertRawError(
                408,
                "found a request that was not sent within 3 s",
                running.raw(
                        "POST /classify HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", "64\r\na"));
    }

    @Test
    void aClientThatSendsItsHeadersTooSlowlyIsCutOff() throws IOException {
        assertEquals("", running.raw("POST /classify HTTP/1.1\r\nHost:"));
    }

    @Test
    void headersThatAreTooLargeAreCutOff() throws IOException {
        String head = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";

        assertTrue(running.raw(head + "A: " + "a".repeat(1_000) + "\r\n\r\n").startsWith("HTTP/1.1 200 "));
        assertEquals("", answerOrReset(head + "A: " + "a".repeat(20_000) + "\r\n\r\n"));
        assertEquals("", answerOrReset(head + "A: a\r\n".repeat(2_000) + "\r\n"));
    }

    /** A server that closes a connection before it has read everything resets it. */
    private String answerOrReset(String request) {
        try {
            return running.raw(request);
        } catch (IOException reset) {
            return "";
        }
    }

    @Test
    void whatIsNoHttpIsRefused() throws IOException {
        for (String text : List.of("hello\r\n\r\n", "GET\r\n\r\n", "GET /\u0000 HTTP/1.1\r\n\r\n")) {
            assertTrue(running.raw(text).startsWith("HTTP/1.1 400 "), text);
        }
    }

    @Test
    void aFullQueueRefusesAndLosesNothing() throws Exception {
        running.engine.shut();
        List<CompletableFuture<HttpResponse<String>>> taken = new ArrayList<>();
        for (int i = 0; i < RunningServer.WORKERS; i++) {
            taken.add(running.postLater(RunningServer.reddish()));
        }
        running.engine.awaitArrived(RunningServer.WORKERS);
        for (int i = 0; i < RunningServer.QUEUE; i++) {
            taken.add(running.postLater(RunningServer.reddish()));
        }
        while (!running.get("/metrics").body().contains("glint_queue_pictures " + RunningServer.QUEUE + ".0")) {
            Thread.onSpinWait();
        }

        HttpResponse<String> refused = running.post("/classify", RunningServer.reddish());

        assertError(503, "found a queue that is full", refused);
        assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
        running.engine.open();
        for (CompletableFuture<HttpResponse<String>> response : taken) {
            assertTrue(response.get().body().contains(RED), response.get().body());
        }
    }

    @Test
    void aPictureThatWaitsTooLongIsRefused() throws Exception {
        running.engine.shut();
        List<CompletableFuture<HttpResponse<String>>> taken = new ArrayList<>();
        for (int i = 0; i < RunningServer.WORKERS; i++) {
            taken.add(running.postLater(RunningServer.reddish()));
        }
        running.engine.awaitArrived(RunningServer.WORKERS);

        assertError(503, "body: found no free worker within 3 s", running.post("/classify", RunningServer.reddish()));
        running.engine.open();
        for (CompletableFuture<HttpResponse<String>> response : taken) {
            assertEquals(200, response.get().statusCode());
        }
    }

    @Test
    void aModelThatFailsIsNotTheClientsAffair() throws IOException, InterruptedException {
        running.engine.fail();

        HttpResponse<String> response = running.post("/classify", RunningServer.reddish());

        assertError(500, "found an internal error, expected an answer", response);
        assertTrue(running.said().contains("error: " + running.model + ": found a failure"), running.said());
    }

    @Test
    void headersAloneCanBeAskedFor() throws IOException {
        String head = "HEAD /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String last = "HEAD /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

        String answers = running.raw(head + last);

        assertTrue(answers.startsWith("HTTP/1.1 404 "), answers);
        assertTrue(answers.contains("\r\n\r\nHTTP/1.1 200 "), answers);
        assertTrue(answers.endsWith("\r\n\r\n"), answers);
    }

    @Test
    void requestsAreCountedByStatusAndPicturesByLabel() throws IOException, InterruptedException {
        running.post("/classify", RunningServer.reddish());
        running.post("/classify", RunningServer.reddish());
        running.post("/classify", new byte[0]);
        running.get("/nowhere");
        running.get("/nowhere/else");

        HttpResponse<String> response = running.get("/metrics");

        assertTrue(response.headers().firstValue("Content-Type").orElseThrow().startsWith("text/plain; version=0.0.4"));
        List<String> lines = response.body().lines().toList();
        for (String line : List.of(
                "glint_http_requests_total{path=\"/classify\",status=\"200\"} 2.0",
                "glint_http_requests_total{path=\"/classify\",status=\"415\"} 1.0",
                "glint_http_requests_total{path=\"other\",status=\"404\"} 2.0",
                "glint_classify_duration_seconds_count 3",
                "glint_predictions_total{label=\"red\"} 2.0",
                "glint_queue_pictures 0.0",
                "glint_model_info{engine=\"ort\",model=\"model.onnx\"} 1")) {
            assertTrue(lines.contains(line), line + " in\n" + response.body());
        }
        assertTrue(response.body().contains("\nprocess_resident_memory_bytes "), response.body());
    }

    @Test
    void thePageAllowsItsOwnScriptOnly() throws IOException, InterruptedException {
        HttpResponse<String> page = running.get("/");

        assertEquals(200, page.statusCode());
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'sha256-"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertFalse(page.body().contains("http://") || page.body().contains("https://"), "other addresses");
        HttpRequest head = HttpRequest.newBuilder(running.uri("/"))
                .method("HEAD", BodyPublishers.noBody())
                .build();
        assertEquals("", running.send(head).body());
    }

    @Test
    void requestsAreLoggedWithoutWhatSteersATerminal() throws IOException, InterruptedException {
        running.get("/%1b%5b31mred");
        running.get("/health?" + "a".repeat(1_000));

        assertTrue(running.said().contains(" GET /%1b%5b31mred 404 "), running.said());
        assertTrue(running.said().contains(" GET /health?aaa"), running.said());
        String forged = "2026-01-01T00:00:00Z\t127.0.0.1\tGET";
        for (String method : List.of("GET\n" + forged, forged, "get", "A".repeat(1_000), "G\u009b31m", "")) {
            running.raw(method + " /forged HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        }
        running.raw("GET /a\n" + forged + "\t/b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertTrue(
                running.said()
                        .lines()
                        .skip(1) // The note that no drift is measured.
                        .allMatch(line -> line.matches(LOGGED)),
                running.said());
    }
}
