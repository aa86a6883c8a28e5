package dev.glint.classify.serve;

import dev.glint.console.Streams;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFile;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.TinyModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A server of the tiny model on a free port of this machine, and a client of it. */
final class RunningServer {
    /** The JDK's server reads its limits of time once in a process, so all tests have the same. */
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    static final int WORKERS = 2;
    static final int QUEUE = 3;
    static final int MAX_BYTES = 100_000;

    final GatedEngine engine = new GatedEngine();
    final Path model;
    final PictureServer server;
    final HttpClient client = HttpClient.newHttpClient();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Serves {@code model.onnx} in a folder. */
    RunningServer(Path folder) throws IOException {
        this(folder, true);
    }

    /** As many requests as a search has would fill the memory with lines of the log. */
    static RunningServer forgetful(Path folder) throws IOException {
        return new RunningServer(folder, false);
    }

    private RunningServer(Path folder, boolean keepsLog) throws IOException {
        this.model = Files.exists(folder.resolve("model.onnx"))
                ? folder.resolve("model.onnx")
                : TinyModel.write(folder.resolve("model.onnx"));
        ServeSettings settings = new ServeSettings("127.0.0.1:0", WORKERS, QUEUE, MAX_BYTES, TIMEOUT, 5, Set.of());
        ModelSource source = new ModelSource() {
            @Override
            public Path locate() {
                return model;
            }

            @Override
            public ModelFile read(Path file) {
                return ModelFile.read(file);
            }

            @Override
            public Model open(ModelFile read) {
                return read.open(Model.Options.defaults().withEngines(List.of(engine)));
            }
        };
        OutputStream log = keepsLog ? err : OutputStream.nullOutputStream();
        this.server = PictureServer.start(settings, source, new ServeLog(Streams.printer(log), true, true));
    }

    /** A picture of one colour. */
    static byte[] png(int red, int green, int blue) {
        byte[] samples = new byte[TinyModel.SIZE * TinyModel.SIZE * 3];
        for (int i = 0; i < samples.length; i += 3) {
            samples[i] = (byte) red;
            samples[i + 1] = (byte) green;
            samples[i + 2] = (byte) blue;
        }
        return PngFile.of(new Image(TinyModel.SIZE, TinyModel.SIZE, Mode.RGB, samples));
    }

    /** One that the tiny model calls red. */
    static byte[] reddish() {
        return png(200, 100, 50);
    }

    URI uri(String path) {
        return URI.create(server.url()).resolve(path);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    HttpResponse<String> post(String path, byte[] body, String... headers) throws IOException, InterruptedException {
        return send(request(path, body, headers));
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    /** A picture that is sent while the test goes on. */
    CompletableFuture<HttpResponse<String>> postLater(byte[] picture) {
        return client.sendAsync(request("/classify", picture), BodyHandlers.ofString());
    }

    private HttpRequest request(String path, byte[] body, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            builder.headers(headers);
        }
        return builder.build();
    }

    /** What comes back for bytes that no client library would send, until the server closes the connection. */
    String raw(String... pieces) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", uri("/").getPort())) {
            for (String piece : pieces) {
                socket.getOutputStream().write(piece.getBytes(StandardCharsets.ISO_8859_1));
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What the server wrote to standard error. */
    String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Ends it in order. */
    void close() throws InterruptedException {
        engine.open();
        server.stop();
    }
}
