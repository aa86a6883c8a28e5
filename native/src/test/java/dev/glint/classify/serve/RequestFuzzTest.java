package dev.glint.classify.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.classify.frames.FrameFormat;
import dev.glint.runtime.failure.GlintException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a client sends, the service answers with a status that is no internal error or closes the connection, and answers the
 * next client. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl native -am test -Dtest='RequestFuzzTest#request' -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * </pre>
 */
class RequestFuzzTest {
    private static final String STATUS = "HTTP/1\\.1 [1-5][0-9][0-9][ \r]";

    static Stream<byte[]> requestSeeds() {
        String picture = new String(RunningServer.reddish(), StandardCharsets.ISO_8859_1);
        String form =
                new String(MultipartFormTest.form("b", "a.png", RunningServer.reddish()), StandardCharsets.ISO_8859_1);
        return Stream.of(
                        post("/classify", "", picture),
                        post("/classify?top-k=2", "Content-Type: image/png\r\n", picture),
                        post("/classify", "Content-Type: multipart/form-data; boundary=b\r\n", form),
                        post("/classify", "Content-Encoding: gzip\r\n", picture),
                        "POST /classify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + Integer.toHexString(picture.length()) + "\r\n" + picture + "\r\n0\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                        "GET /metrics HTTP/1.0\r\n\r\n",
                        post("/reload", "", ""),
                        "HEAD /ready HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "POST /classify HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                        "GET http:// HTTP/1.1\r\n\r\n",
                        "\r\n")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String post(String path, String headers, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "Content-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    /** One for the whole search. */
    private static final class Server {
        private static final RunningServer SERVER = start();

        private static RunningServer start() {
            try {
                Path folder = Files.createTempDirectory("served");
                return RunningServer.forgetful(folder);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @MethodSource("requestSeeds")
    @FuzzTest(maxDuration = "20m")
    void request(byte[] data) throws IOException {
        // Jazzer takes each connection for a request that was smuggled in.
        BugDetectors.allowNetworkConnections((host, port) -> port == port());
        String answer = answer(data);
        assertTrue(
                answer.isEmpty()
                        || answer.substring(0, Math.min(13, answer.length())).matches(STATUS),
                answer);
        assertFalse(answer.startsWith("HTTP/1.1 500"), answer);
        String after = answer("GET /health HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertTrue(after.startsWith("HTTP/1.1 200 "), after);
    }

    private static int port() {
        return Server.SERVER.uri("/").getPort();
    }

    /** What comes back until the server closes the connection, which it does once nothing more can come. */
    private static String answer(byte[] request) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            socket.getInputStream().transferTo(answer);
        } catch (SocketException e) {
            // Closed before all was sent; what was answered until then counts.
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    static Stream<byte[]> querySeeds() {
        return Stream.of("top-k=3", "top-k=-1", "", "top-k=99999999999", "other")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("querySeeds")
    @FuzzTest(maxDuration = "20m")
    void query(byte[] data) {
        try {
            assertTrue(RequestQuery.topK(new String(data, StandardCharsets.UTF_8), 5) > 0);
        } catch (Refusal e) {
            assertEquals(400, e.status());
        }
    }

    static Stream<byte[]> frameFormatSeeds() {
        return Stream.of("mjpeg", "rgb24:640x480", "rgb24:0x1", "rgb24:99999x99999", "x")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("frameFormatSeeds")
    @FuzzTest(maxDuration = "20m")
    void frameFormat(byte[] data) {
        String name = new String(data, StandardCharsets.UTF_8);
        try {
            assertTrue(
                    FrameFormat.parse(name).toString().toLowerCase(Locale.ROOT).contains(name.substring(0, 5)));
        } catch (GlintException e) {
            assertTrue(e.reason().exitCode() == 2 || e.reason().exitCode() == 6, e.getMessage());
        }
    }
}
