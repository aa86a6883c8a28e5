package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.ProcessSamples;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One process that works for long takes no more of the system in the end than in the beginning. Few pictures in the usual tests;
 * the whole of it, with the native binary instead of a JVM where one is named, and with a model folder instead of a tiny model:
 *
 * <pre>
 * ./mvnw -pl native -am test -Dtest=FlatTest -Dsurefire.failIfNoSpecifiedTests=false -Dglint.flat=whole \
 *     -Dglint.flat.program=native/target/dist/classify
 * </pre>
 */
class FlatTest {
    private static final boolean WHOLE = "whole".equals(System.getProperty("glint.flat"));
    private static final int PICTURES = WHOLE ? 1_000_000 : 2_000;
    private static final int REQUESTS = WHOLE ? 10_000 : 200;
    private static final int OPENINGS = WHOLE ? 10_000 : 100;
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    private Path folder;

    private Path model = Path.of("");

    @BeforeEach
    void writeModel() throws IOException {
        model = TinyModel.write(folder.resolve("tiny.onnx"));
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        String binary = System.getProperty("glint.flat.program");
        if (binary == null) {
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xms64m",
                    "-Xmx64m",
                    "-XX:+AlwaysPreTouch",
                    // As bin/classify starts it.
                    "-XX:-UsePerfData",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Donnxruntime.native.path=" + System.getProperty("onnxruntime.native.path"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Classify.class.getName()));
        } else {
            command.add(Path.of(binary).toAbsolutePath().toString());
        }
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private String program() {
        return System.getProperty("glint.flat.program") == null ? "JVM" : "native binary";
    }

    @ParameterizedTest
    @ValueSource(strings = {"glint", "ort"})
    void classifyingManyPictures(String engine) throws IOException, InterruptedException {
        Process process = start("--model", model.toString(), "--engine", engine, "--stream", "rgb24:8x8");
        try {
            Thread camera = new Thread(() -> film(process.getOutputStream()));
            camera.start();
            ProcessSamples samples = new ProcessSamples(process.pid());
            byte[] buffer = new byte[1 << 16];
            int lines = 0;
            try (InputStream out = process.getInputStream()) {
                for (int count = out.read(buffer); count > 0; count = out.read(buffer)) {
                    for (int i = 0; i < count; i++) {
                        if (buffer[i] == '\n' && ++lines % (PICTURES / ProcessSamples.LOOKS) == 0 && lines < PICTURES) {
                            samples.look();
                        }
                    }
                }
            }
            camera.join();
            end(process, 0);
            assertEquals(PICTURES, lines);
            samples.assertFlat(PICTURES + " pictures by " + engine + ", " + program(), WHOLE);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Frames of noise. */
    private static void film(OutputStream camera) {
        byte[] frame = SyntheticPictures.noise(TinyModel.SIZE, TinyModel.SIZE, Image.Mode.RGB)
                .samples();
        try (camera) {
            for (int i = 0; i < PICTURES; i++) {
                frame[i % frame.length]++;
                camera.write(frame);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void answeringManyRequests() throws IOException, InterruptedException {
        byte[] png = PngFile.of(SyntheticPictures.noise(TinyModel.SIZE, TinyModel.SIZE, Image.Mode.RGB));
        serve(
                REQUESTS,
                "requests",
                page -> HttpRequest.newBuilder(page.resolve("/classify"))
                        .POST(BodyPublishers.ofByteArray(png))
                        .build());
    }

    @Test
    void openingModelsAgainAndAgain() throws IOException, InterruptedException {
        serve(
                OPENINGS,
                "openings of a model",
                page -> HttpRequest.newBuilder(page.resolve("/reload"))
                        .POST(BodyPublishers.noBody())
                        .build());
    }

    private interface Asking {
        HttpRequest request(URI page);
    }

    private void serve(int times, String what, Asking asking) throws IOException, InterruptedException {
        Process process = start("serve", "--listen", "127.0.0.1:0", "--model", model.toString());
        try {
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            String line = String.valueOf(out.readLine());
            assertTrue(line.contains(" answers at "), () -> line + errors());
            URI page = URI.create(line.substring(line.indexOf("http")));
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            HttpRequest request = asking.request(page);
            ProcessSamples samples = new ProcessSamples(process.pid());
            for (int i = 1; i <= times; i++) {
                assertEquals(
                        200, client.send(request, BodyHandlers.discarding()).statusCode());
                if (i % (times / ProcessSamples.LOOKS) == 0) {
                    samples.look();
                }
            }
            samples.assertFlat(times + " " + what + ", " + program(), WHOLE);
            process.destroy();
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
        } finally {
            process.destroyForcibly();
        }
    }

    private void end(Process process, int exitCode) throws InterruptedException {
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
        assertEquals(exitCode, process.exitValue(), this::errors);
    }

    private String errors() {
        try {
            return Files.readString(folder.resolve("err"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
