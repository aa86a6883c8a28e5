package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code classify serve} promises as a process of its own. */
abstract class ServerProcessContract extends ClassifyProcessContract {
    private static final Pattern ADDRESS = Pattern.compile("int8.onnx answers at (http://127.0.0.1:[0-9]+/)\n");
    private static final int INTERRUPT = 2;
    private static final int TERMINATE = 15;
    private static final int PATIENCE_MILLIS = 60_000;

    /** What a server ends with that has answered every request when the signal of this number comes. */
    abstract int exitCodeOfServer(int signal);

    private Process start(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program(temporary));
        Collections.addAll(command, "serve", "--listen", "127.0.0.1:0", "--model", file("model"));
        Collections.addAll(command, options);
        Process process = builder(Map.of(), command).start();
        awaitOutput(" answers at ", process);
        return process;
    }

    private URI page() throws IOException {
        Matcher address = ADDRESS.matcher(output());
        assertTrue(address.matches(), output());
        return URI.create(address.group(1));
    }

    private Run end(Process process, int signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        return finish(process);
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest picture(URI page) {
        return HttpRequest.newBuilder(page.resolve("/classify?top-k=1"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(png(200, 100, 50)))
                .build();
    }

    @Test
    void itAnswersUntilItIsToldToEnd() throws IOException, InterruptedException {
        for (int signal : new int[] {TERMINATE, INTERRUPT}) {
            Process process = start();
            HttpResponse<String> answer = send(picture(page()));
            HttpResponse<String> start = send(HttpRequest.newBuilder(page()).build());
            HttpResponse<String> metrics =
                    send(HttpRequest.newBuilder(page().resolve("/metrics")).build());

            Run run = end(process, signal);

            assertSameResults(
                    "{\"schema\":\"glint.classify/1\",\"model\":\"int8.onnx\",\"pictures\":[{\"file\":\"body\",\"candidates\":"
                            + "[{\"label\":\"red\",\"index\":0,\"probability\":0.767212}]}]}\n",
                    answer.body());
            assertTrue(start.body().contains("<title>classify</title>"), start.body());
            assertTrue(metrics.body().contains("glint_predictions_total{label=\"red\"} 1.0\n"), metrics.body());
            assertTrue(run.err().startsWith("note: no drift is measured: "), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
            assertEquals(exitCodeOfServer(signal), run.exitCode());
        }
    }

    @Test
    void itCutsOffWhoSendsTooSlowly() throws IOException, InterruptedException {
        Process process = start("--timeout", "1");
        List<String> answers = new ArrayList<>();
        for (String beginning : List.of(
                "POST /classify HTTP/1.1\r\nHost:",
                "POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1")) {
            try (Socket socket = new Socket("127.0.0.1", page().getPort())) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
                answers.add(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            }
        }

        Run run = end(process, TERMINATE);

        assertEquals("", answers.get(0));
        assertTrue(answers.get(1).startsWith("HTTP/1.1 408 "), answers.get(1));
        assertEquals(exitCodeOfServer(TERMINATE), run.exitCode());
    }

    @Test
    void itTakesTheModelThatComesInThePlaceOfItsOwn() throws IOException, InterruptedException {
        Process process = start();
        Path model = Path.of(file("model")).resolve("int8.onnx");
        TinyModel.write(model, TinyModel.contract().toJson().replace("\"red\"", "\"rouge\""));

        HttpResponse<String> reload = send(HttpRequest.newBuilder(page().resolve("/reload"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
        HttpResponse<String> answer = send(picture(page()));
        end(process, TERMINATE);

        assertEquals("{\"schema\":\"glint.serve/1\",\"model\":\"int8.onnx\"}\n", reload.body());
        assertTrue(answer.body().contains("\"label\":\"rouge\""), answer.body());
    }
}
