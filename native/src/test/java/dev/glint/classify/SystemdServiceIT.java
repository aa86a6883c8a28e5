package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.ModelMaker;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.Skip;
import dev.glint.runtime.trust.KeyCurve;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service of the packages under a real systemd, with all that its unit denies it: system calls, capabilities, places to write to.
 * Needs the native binary, root and systemd.
 */
@Tag("root")
class SystemdServiceIT {
    private static final Path NATIVE = SharedData.projectRoot().resolve("native");
    private static final Path DIST = NATIVE.resolve("target/dist");
    private static final int MISSING = 77;

    /** It says where it answers, waits for a line, ends the service, and tells how that went. */
    private static final String SESSION =
            "systemctl start glint-classify || { journalctl --sync; journalctl -o cat -u glint-classify; exit 1; }\n"
                    + "grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/$(systemctl show -P MainPID glint-classify)/status\n"
                    + "systemctl show -P User glint-classify\n"
                    + "until journalctl -o cat -u glint-classify | grep 'answers at'; do sleep 0.1; done\n"
                    + "read -r _\n"
                    + "systemctl stop glint-classify\n"
                    + "systemctl show -p Result -p ExecMainStatus -p NRestarts glint-classify\n";

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private Process boot(boolean signed) throws IOException {
        if (!Files.isExecutable(DIST.resolve("classify"))) {
            Skip.needs(SystemdServiceIT.class, "the native binary: build with GRAALVM_HOME in the environment");
        }
        Path files = folder.resolve("files");
        copy(DIST, files.resolve("usr/lib/glint"));
        copy(
                SharedData.projectRoot().resolve("edge-samples/models/cifar10-small-vgg"),
                files.resolve("usr/lib/glint/model"));
        Files.createSymbolicLink(
                Files.createDirectories(files.resolve("usr/bin")).resolve("classify"),
                Path.of("../lib/glint/classify"));
        Files.copy(
                NATIVE.resolve("src/packaging/glint-classify.service"),
                Files.createDirectories(files.resolve("etc/systemd/system")).resolve("glint-classify.service"));
        ModelMaker maker = new ModelMaker(KeyCurve.P256);
        Path settings = Files.createDirectories(files.resolve("etc/glint"));
        maker.writeKey(settings.resolve("model.pub"));
        if (signed) {
            maker.sign(files.resolve("usr/lib/glint/model"));
        }
        Files.writeString(
                settings.resolve("classify.conf"),
                "GLINT_TRUST=/etc/glint/model.pub\nGLINT_SERVE_OPTIONS=--listen 127.0.0.1:0 --workers 2 --max-bytes 1000000 --timeout 1\n");
        return new ProcessBuilder(
                        NATIVE.resolve("src/test/scripts/under-systemd").toString(),
                        files.toString(),
                        "sh",
                        "-c",
                        SESSION)
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to.resolve(from.relativize(file)));
                } else {
                    Files.copy(file, to.resolve(from.relativize(file)));
                }
            }
        }
    }

    @Test
    void itAnswersWithAllThatItsUnitDeniesIt() throws IOException, InterruptedException {
        Process process = boot(true);
        List<String> said = new ArrayList<>();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            String line;
            while ((line = reader.readLine()) != null && !line.contains("answers at")) {
                said.add(line);
            }
            if (line == null) {
                String err = Files.readString(folder.resolve("err"));
                if (process.waitFor() == MISSING) {
                    Skip.needs(SystemdServiceIT.class, "systemd (" + err.strip() + ")");
                }
                throw new AssertionError(said + err);
            }
            assertEquals(List.of("CapEff:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2", "glint-classify"), said);

            use(URI.create(line.substring(line.indexOf("http://"))));

            try (Writer writer = process.outputWriter()) {
                writer.write("\n");
            }
            assertEquals(
                    List.of("Result=success", "NRestarts=0", "ExecMainStatus=0"),
                    reader.lines().toList());
            assertEquals(0, process.waitFor());
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    @Test
    void itServesNoModelThatTheKeyOfItsSettingsHasNotSigned() throws IOException, InterruptedException {
        Process process = boot(false);
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            String said = reader.lines().collect(Collectors.joining("\n"));
            String err = Files.readString(folder.resolve("err"));
            int exitCode = process.waitFor();
            if (exitCode == MISSING) {
                Skip.needs(SystemdServiceIT.class, "systemd (" + err.strip() + ")");
            }
            assertEquals(1, exitCode, said + err);
            assertTrue(said.contains("found an unsigned model, expected model.sig in its folder"), said + err);
            assertTrue(said.contains("status=4"), said + err);
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /** Whatever asks for another system call: many at a time, what is refused, what breaks off, another model. */
    private void use(URI page) throws IOException, InterruptedException {
        byte[] red = ClassifyContract.png(200, 100, 50);
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(client.sendAsync(post(page.resolve("/classify"), red), BodyHandlers.ofString()));
        }
        int answered = 0;
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            HttpResponse<String> response = answer.join();
            // A machine that is busy with other things may make some wait for longer than the queue allows.
            if (response.statusCode() != 503) {
                assertEquals(200, response.statusCode(), response.body());
                assertTrue(response.body().contains("\"candidates\":[{\"label\":"), response.body());
                answered++;
            }
        }
        assertTrue(answered > 0, "a service that answers nobody");
        assertEquals(413, status(post(page.resolve("/classify"), new byte[1_000_001])));
        assertEquals(415, status(post(page.resolve("/classify"), new byte[] {1, 2, 3})));
        assertEquals(200, status(post(page.resolve("/reload"), new byte[0])));
        for (String path : List.of("/", "/health", "/ready", "/metrics")) {
            assertEquals(200, status(HttpRequest.newBuilder(page.resolve(path)).build()), path);
        }
        try (Socket slow = new Socket(page.getHost(), page.getPort())) {
            slow.getOutputStream()
                    .write("POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
        }
    }

    private static HttpRequest post(URI uri, byte[] body) {
        return HttpRequest.newBuilder(uri)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
    }

    private int status(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }
}
