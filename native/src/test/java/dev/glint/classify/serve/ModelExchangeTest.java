package dev.glint.classify.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.golden.GoldenSample;
import dev.glint.runtime.golden.GoldenSamples;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model is exchanged, and the server stopped, while requests are on their way. */
class ModelExchangeTest {
    @TempDir
    private Path folder;

    private RunningServer running;

    @BeforeEach
    void start() throws IOException {
        running = new RunningServer(folder);
    }

    @AfterEach
    void stop() throws InterruptedException {
        running.close();
        assertEquals(0, running.engine.sessions(), "sessions that nobody closed");
    }

    /** The tiny model with other names for its classes. */
    private void writeOther() throws IOException {
        TinyModel.write(running.model, TinyModel.contract().toJson().replace("\"red\"", "\"rouge\""));
    }

    private String label() throws IOException, InterruptedException {
        String body = running.post("/classify?top-k=1", RunningServer.reddish()).body();
        return body.replaceAll("(?s).*\"label\":\"([a-z]+)\".*", "$1");
    }

    @Test
    void aRequestThatHasBegunEndsWithItsModelAndTheNextGetsTheNewOne() throws Exception {
        running.engine.shut();
        CompletableFuture<HttpResponse<String>> begun = running.postLater(RunningServer.reddish());
        running.engine.awaitArrived(1);
        writeOther();
        // The new model is tried before it answers, and the gate is shut for its picture, too.
        CompletableFuture<HttpResponse<String>> reload =
                CompletableFuture.supplyAsync(() -> uninterrupted(() -> running.post("/reload", new byte[0])));
        running.engine.awaitArrived(1);
        assertEquals(2, running.engine.sessions());
        assertFalse(reload.isDone() || begun.isDone());

        running.engine.open();

        assertTrue(begun.get().body().contains("\"label\":\"red\""), begun.get().body());
        assertEquals(
                "{\"schema\":\"glint.serve/1\",\"model\":\"model.onnx\"}\n",
                reload.get().body());
        assertEquals("rouge", label());
        assertEquals(1, running.engine.sessions(), "the old model is freed");
    }

    private interface Sending {
        HttpResponse<String> send() throws IOException, InterruptedException;
    }

    private static HttpResponse<String> uninterrupted(Sending sending) {
        try {
            return sending.send();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void noRequestIsLostUnderLoad() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(RunningServer.WORKERS);
        List<Future<Integer>> lost = new ArrayList<>();
        for (int i = 0; i < RunningServer.WORKERS; i++) {
            lost.add(clients.submit(() -> {
                int failures = 0;
                while (!enough.get()) {
                    int status =
                            running.post("/classify", RunningServer.reddish()).statusCode();
                    failures += status == 200 ? 0 : 1;
                    answers.incrementAndGet();
                }
                return failures;
            }));
        }
        try {
            for (int i = 0; i < 20; i++) {
                writeOther();
                assertEquals(200, running.post("/reload", new byte[0]).statusCode());
                int before = answers.get();
                while (answers.get() < before + 5 && !lost.get(0).isDone()) {
                    Thread.onSpinWait();
                }
            }
        } finally {
            enough.set(true);
            clients.shutdown();
        }
        for (Future<Integer> failures : lost) {
            assertEquals(0, failures.get());
        }
        assertEquals(1, running.engine.sessions());
        assertTrue(running.get("/metrics").body().contains("glint_model_exchanges_total{result=\"taken\"} 20.0"));
    }

    @Test
    void aBrokenModelIsRefusedAndTheOneBeforeGoesOn() throws IOException, InterruptedException {
        Files.writeString(running.model, "no model");

        HttpResponse<String> response = running.post("/reload", new byte[0]);

        assertEquals(500, response.statusCode());
        assertTrue(response.body().contains("\"error\":\"" + running.model + ": found "), response.body());
        assertTrue(running.said().contains("error: " + running.model + ": found "), running.said());
        assertEquals("red", label());
        assertTrue(running.get("/metrics").body().contains("glint_model_exchanges_total{result=\"refused\"} 1.0"));
    }

    @Test
    void aModelThatHasNoFiniteAnswerIsRefused() throws IOException, InterruptedException {
        String contract = TinyModel.contract().toJson();
        TinyModel.write(running.model, contract.replaceFirst("\"scale\":[^,]+", "\"scale\":3e38"));

        HttpResponse<String> response = running.post("/reload", new byte[0]);

        assertEquals(500, response.statusCode(), response.body());
        assertEquals(1, running.engine.sessions(), "the refused model is freed");
        assertEquals("red", label());
    }

    @Test
    void aModelThatDoesNotAnswerAsItsGoldenSamplesSayIsRefused() throws IOException, InterruptedException {
        byte[] picture = RunningServer.reddish();
        String tensor = GoldenSample.tensorSha256(
                ImageDecoder.decode(picture, TinyModel.contract().decodeOptions()), TinyModel.contract());
        for (float logit : new float[] {4 * 200 / 255f, 1}) {
            GoldenSample sample =
                    new GoldenSample("red", picture, tensor, new float[] {logit, 4 * 100 / 255f, 4 * 50 / 255f});
            writeWith(GoldenSamples.METADATA_KEY, new GoldenSamples(1e-4, List.of(sample)).toJson());

            HttpResponse<String> response = running.post("/reload", new byte[0]);

            assertEquals(logit == 1 ? 500 : 200, response.statusCode(), response.body());
        }
        assertTrue(running.said().contains("error: " + running.model + ": found "), running.said());
        assertEquals(1, running.engine.sessions(), "the refused model is freed");
        assertEquals("red", label());
    }

    private void writeWith(String key, String value) throws IOException {
        Files.write(
                running.model,
                TinyModel.model()
                        .addMetadataProps(
                                StringStringEntryProto.newBuilder().setKey(key).setValue(value))
                        .build()
                        .toByteArray());
    }

    @Test
    void driftIsMeasuredAgainstTheBaselineOfTheModel() throws IOException, InterruptedException {
        assertTrue(running.said().contains("note: no drift is measured: " + running.model), running.said());
        assertFalse(running.get("/metrics").body().contains("glint_drift_psi{"));
        DriftProfile baseline;
        try (Classifier classifier = Classifier.open(running.model)) {
            baseline = DriftProfile.measure(
                    classifier,
                    200,
                    i -> ImageDecoder.decode(
                            RunningServer.png(i, 100, 50), TinyModel.contract().decodeOptions()));
        }
        writeWith(DriftProfile.METADATA_KEY, baseline.toJson());
        running.post("/reload", new byte[0]);

        for (int i = 0; i < 100; i++) {
            running.post("/classify", RunningServer.png(2, 2, 250));
        }

        List<String> lines = running.get("/metrics").body().lines().toList();
        assertTrue(lines.contains("glint_drift_pictures 100.0"), lines::toString);
        assertTrue(lines.contains("glint_drift_level{statistic=\"mean of channel 2\"} 2.0"), lines::toString);
        assertTrue(lines.contains("glint_drift_ks{statistic=\"mean of channel 2\"} 1.0"), lines::toString);
        assertTrue(
                lines.stream().anyMatch(line -> line.startsWith("glint_drift_psi{statistic=\"classes\"} ")),
                lines::toString);
    }

    @Test
    void pagesMayNotExchangeTheModel() throws IOException, InterruptedException {
        HttpResponse<String> response = running.post(
                "/reload", new byte[0], "Origin", "http://" + running.uri("/").getAuthority());

        assertEquals(403, response.statusCode());
        assertTrue(response.body().contains("found a page in a browser"), response.body());
    }

    @Test
    void aChangedFileIsTakenByItself() throws IOException, InterruptedException {
        writeOther();

        while (label().equals("red")) {
            Thread.sleep(50);
        }
        assertEquals("rouge", label());
    }

    @Test
    void stoppingAnswersWhatHasBegunAndRefusesTheRest() throws Exception {
        running.engine.shut();
        CompletableFuture<HttpResponse<String>> begun = running.postLater(RunningServer.reddish());
        running.engine.awaitArrived(1);
        CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> {
            try {
                return running.server.stop();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (running.get("/ready").statusCode() == 200) {
            Thread.onSpinWait();
        }

        assertEquals(503, running.post("/classify", RunningServer.reddish()).statusCode());
        assertEquals(200, running.get("/health").statusCode());
        assertFalse(stopped.isDone());
        running.engine.open();

        assertTrue(stopped.get());
        assertEquals(200, begun.get().statusCode());
    }

    @Test
    void stoppingDoesNotWaitForEver() throws Exception {
        running.engine.shut();
        CompletableFuture<HttpResponse<String>> begun = running.postLater(RunningServer.reddish());
        running.engine.awaitArrived(1);

        assertFalse(running.server.stop());

        assertTrue(begun.isCompletedExceptionally()
                || begun.handle((response, e) -> e != null).get());
    }
}
