package dev.glint.classify.serve;

import com.sun.net.httpserver.HttpServer;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Answers requests over HTTP with what a model says of pictures. Nothing that a client sends is written to a file, and every
 * client has limits of bytes and time; see {@link ServeSettings}.
 */
public final class PictureServer {
    private static final int BACKLOG = 128;
    private static final int MOST_REQUESTS = 512;
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(2);

    private final ServeSettings settings;
    private final ServeLog log;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2, PictureServer::clockThread);
    private final RequestThreads threads = new RequestThreads(MOST_REQUESTS);
    private final OpenRequests open = new OpenRequests();
    private final HttpServer http;
    private final ModelSlot models;
    private final PictureQueue queue;
    private final ServerMetrics metrics;

    private PictureServer(ServeSettings settings, ModelSource source, ServeLog log) throws IOException {
        this.settings = settings;
        this.log = log;
        HttpLimits.set(settings.timeout());
        this.http = bind(settings.address());
        try {
            this.models = new ModelSlot(source, settings.workers(), log);
        } catch (RuntimeException | Error e) {
            http.stop(0);
            throw e;
        }
        this.queue = new PictureQueue(models, settings.workers(), settings.queue(), settings.timeout());
        this.metrics = new ServerMetrics(models::current, queue::length);
        BodyReader bodies = new BodyReader(settings.maxBytes(), settings.timeout(), clock);
        http.createContext("/", new Routes(settings, open, bodies, queue, this::exchange, metrics, log));
        http.setExecutor(threads);
    }

    /**
     * Opens the model and answers from now on.
     *
     * @throws GlintException if the model cannot be used, or ({@code INPUT}) if the address cannot
     */
    public static PictureServer start(ServeSettings settings, ModelSource source, ServeLog log) throws IOException {
        ModelWatch watch = new ModelWatch(source);
        PictureServer server = new PictureServer(settings, source, log);
        server.http.start();
        watch.start(server.clock, WATCH_INTERVAL, server::exchangeChanged, log::failed);
        return server;
    }

    private static HttpServer bind(InetSocketAddress address) {
        try {
            return HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "an address that cannot be listened to (" + e.getMessage() + ")",
                            "a free one of this machine",
                            "name another one with --listen")
                    .causedBy(e)
                    .about(address.getAddress().getHostAddress() + ":" + address.getPort());
        }
    }

    private static Thread clockThread(Runnable work) {
        Thread thread = new Thread(work, "classify-clock");
        thread.setDaemon(true);
        return thread;
    }

    /** Its start page. */
    public String url() {
        String host = http.getAddress().getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + http.getAddress().getPort() + "/";
    }

    /** Whether other machines cannot reach it. */
    public boolean isLocal() {
        return http.getAddress().getAddress().isLoopbackAddress();
    }

    /** The file name of the model that answers. */
    public String model() {
        return models.current().name();
    }

    /**
     * Lets the model answer that its source has now.
     *
     * @return its file's name
     * @throws GlintException if it cannot be used; the one before goes on
     */
    private String exchange() {
        try {
            ServedModel next = models.exchange();
            metrics.exchanged(true);
            log.exchanged(next);
            return next.name();
        } catch (GlintException e) {
            metrics.exchanged(false);
            log.failed(e);
            throw e;
        }
    }

    private void exchangeChanged() {
        try {
            exchange();
        } catch (GlintException e) {
            // Told; the next change may be for the better.
        }
    }

    /**
     * Takes no more pictures, answers those it has, and ends.
     *
     * @return whether every request that had begun was answered
     */
    public boolean stop() throws InterruptedException {
        // A request may still be on its way, and then wait for a worker.
        boolean answered = open.stop(settings.timeout().multipliedBy(2));
        http.stop(0);
        clock.shutdownNow();
        threads.close();
        queue.close();
        models.close();
        return answered;
    }
}
