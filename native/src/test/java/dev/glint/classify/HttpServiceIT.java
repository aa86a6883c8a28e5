package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample {@code http-service} with a real {@code classify serve}, and with one that is busy. */
class HttpServiceIT {
    private static final Pattern ADDRESS = Pattern.compile("answers at (http://127.0.0.1:[0-9]+/)\n");
    private static final int PICTURES = 40;

    @TempDir
    private Path folder;

    private Run client(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                Sample.file("http-service/Client.java")));
        Collections.addAll(command, args);
        return new Sample(folder).run(Map.of(), command.toArray(String[]::new));
    }

    /** Its queue is so short that the client, with eight pictures at a time, must be told to come back. */
    @Test
    void everyPictureIsAnsweredByAServerWithOneWorker() throws IOException, InterruptedException {
        Path model = TinyModel.write(folder.resolve("int8.onnx"));
        String[] args = new String[PICTURES + 2];
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < PICTURES; i++) {
            byte[] png = i % 2 == 0 ? ClassifyContract.png(200, 100, 50) : ClassifyContract.png(10, 20, 30);
            args[i + 1] = Files.write(folder.resolve(i + ".png"), png).toString();
            expected.append(args[i + 1]).append(i % 2 == 0 ? "  red 0.767212\n" : "  blue 0.386766\n");
        }
        args[PICTURES + 1] =
                Files.writeString(folder.resolve("notes.txt"), "no picture").toString();
        Sample server = new Sample(Files.createDirectory(folder.resolve("server")));
        Process process = server.process(
                        Map.of(),
                        List.of(
                                Sample.CLASSIFY.toString(),
                                "serve",
                                "--listen",
                                "127.0.0.1:0",
                                "--workers",
                                "1",
                                "--queue",
                                "1",
                                "--model",
                                model.toString()))
                .start();
        try {
            args[0] = address(process, server.folder().resolve("out"));
            Run run = client(args);

            assertEquals(expected.toString(), run.out());
            assertTrue(run.err().startsWith("error: " + args[PICTURES + 1] + ": "), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
            assertEquals(3, run.exitCode());
        } finally {
            process.destroy();
            assertTrue(process.waitFor(1, TimeUnit.MINUTES), "still running");
        }
    }

    private static String address(Process server, Path out) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (System.nanoTime() < end) {
            Matcher address = ADDRESS.matcher(Files.readString(out));
            if (address.find()) {
                return address.group(1);
            }
            if (server.waitFor(20, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        throw new IllegalStateException("no server: " + Files.readString(out.resolveSibling("err")));
    }

    /** Answers the first requests with 503, and the time of each is kept. */
    private List<Long> busy(int times, String retryAfter, Path picture) throws IOException, InterruptedException {
        List<Long> requests = new CopyOnWriteArrayList<>();
        List<String> bodies = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/classify", exchange -> {
            requests.add(System.nanoTime());
            byte[] sent = exchange.getRequestBody().readAllBytes();
            bodies.add(Boolean.toString(Arrays.equals(Files.readAllBytes(picture), sent)));
            boolean refused = requests.size() <= times;
            String answer = refused
                    ? "{\"error\":\"found 1 \\\"picture\\\"\\u002c\"}\n"
                    : "{\"candidates\":[{\"label\":\"so \\\"red\\\" \\u00e9\",\"index\":0,\"probability\":1.0E-5}]}\n";
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
            exchange.sendResponseHeaders(refused ? 503 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            last = client("http://127.0.0.1:" + server.getAddress().getPort(), picture.toString());
        } finally {
            server.stop(0);
        }
        assertEquals(List.of("true"), bodies.stream().distinct().toList());
        return requests;
    }

    private Run last = new Run(0, "", "");

    @Test
    void aBusyServerIsAskedAgainWhenItSaysAndNotForEver() throws IOException, InterruptedException {
        Path picture = Files.write(folder.resolve("red.png"), ClassifyContract.png(200, 100, 50));

        List<Long> requests = busy(1, "1", picture);
        assertEquals(2, requests.size());
        assertTrue(requests.get(1) - requests.get(0) >= TimeUnit.SECONDS.toNanos(1), requests.toString());
        last.assertPrints(picture + "  so \"red\" \u00e9 1.0E-5\n");

        assertEquals(20, busy(1_000, "0", picture).size());
        last.assertFails(3, picture + ": found 1 \"picture\",\n");
    }

    @Test
    void whatCannotBeSentIsNamed() throws IOException, InterruptedException {
        client().assertFails(2, "found 0 arguments, expected URL PICTURE...");
        client("http://127.0.0.1:1", "/nowhere.png").assertFails(3, "/nowhere.png: found no such file");
        String picture = Files.writeString(folder.resolve("a.png"), "x").toString();
        client("http://127.0.0.1:1", picture).assertFails(3, picture + ": found no server at http://127.0.0.1:1/");
    }

    @Test
    void theServiceIsUnderstood() throws IOException, InterruptedException {
        Path packaged = Path.of(Sample.file("../native/src/packaging/glint-classify.service"));
        String settings = Files.readString(Path.of(Sample.file("http-service/small-board.conf")));
        assertTrue(settings.contains("\nExecStart=/usr/bin/classify serve "), settings);

        new Sample(folder)
                .assertUnderstood(
                        "glint-classify.service",
                        Files.readString(packaged).replace("/usr/bin/classify", "/bin/true"),
                        settings.replace("/usr/bin/classify", "/bin/true"));
    }
}
