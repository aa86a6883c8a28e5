package dev.glint.classify.serve;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.glint.classify.batch.CandidateJson;
import dev.glint.classify.serve.PictureQueue.Classified;
import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers requests: each gets one answer, and a failure is a JSON object with one line. */
final class Routes implements HttpHandler {
    private static final int TOO_LARGE = 413;
    private static final String RAW_BODY = "body";

    private final ServeSettings settings;
    private final SiteCheck sites;
    private final OpenRequests open;
    private final BodyReader bodies;
    private final PictureQueue queue;
    private final Supplier<String> exchange;
    private final ServerMetrics metrics;
    private final ServeLog log;
    private final StartPage page = new StartPage();

    /** The exchange of models gives the file name of the new one. */
    Routes(
            ServeSettings settings,
            OpenRequests open,
            BodyReader bodies,
            PictureQueue queue,
            Supplier<String> exchange,
            ServerMetrics metrics,
            ServeLog log) {
        this.settings = settings;
        this.sites = SiteCheck.of(settings);
        this.open = open;
        this.bodies = bodies;
        this.queue = queue;
        this.exchange = exchange;
        this.metrics = metrics;
        this.log = log;
    }

    // A request that is not answered in the end has its connection closed by the server, when this throws.
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Request request = new Request(
                exchange, System.nanoTime(), Route.find(exchange.getRequestURI().getPath()));
        open.begin();
        try {
            Answer answer = answer(request);
            told(request, answer);
            respond(exchange, answer);
        } finally {
            open.end();
        }
    }

    private record Request(HttpExchange exchange, long startNanos, Optional<Route> route) {}

    /** Before it is sent, so that a client that has its answer finds it counted. */
    private void told(Request request, Answer answer) {
        long nanos = System.nanoTime() - request.startNanos();
        metrics.answered(request.route(), answer.status(), nanos);
        log.answered(request.exchange(), answer.status(), nanos);
    }

    private void respond(HttpExchange exchange, Answer answer) throws IOException {
        boolean last = answer.status() == TOO_LARGE || open.stopping();
        answer.write(exchange, last);
        if (answer.status() >= 400 && !exchange.getRequestMethod().equals(Answer.HEAD)) {
            // What is left of the request; a client that cannot send it would not read the answer.
            bodies.discard(exchange);
        }
        exchange.close();
    }

    private Answer answer(Request request) throws IOException {
        try {
            sites.require(request.exchange().getRequestHeaders());
            Route known = request.route().orElseThrow(Refusal::unknownPath);
            known.requireMethod(request.exchange().getRequestMethod());
            return switch (known) {
                case PAGE -> page.answer();
                case CLASSIFY -> classify(request);
                case HEALTH -> state("ok");
                case READY -> ready();
                case METRICS -> metrics.answer();
                case RELOAD -> reload(request.exchange());
            };
        } catch (Refusal e) {
            return Answer.error(e);
        } catch (InterruptedException e) {
            return Answer.error(Refusal.stopping());
        } catch (OutOfMemoryError e) {
            return Answer.error(Refusal.withoutMemory());
        } catch (RuntimeException e) {
            // The model's failures are among these: its place on this machine is nobody's business.
            log.failed(e);
            return Answer.error(Refusal.internal());
        }
    }

    private static Answer state(String state) {
        JsonObject object = Answer.object(Answer.SERVER);
        object.addProperty("status", state);
        return Answer.json(object);
    }

    private Answer ready() {
        if (open.stopping()) {
            throw Refusal.stopping();
        }
        return state("ready");
    }

    private Answer reload(HttpExchange asked) {
        boolean here = asked.getRemoteAddress().getAddress().isLoopbackAddress();
        if (!here || asked.getRequestHeaders().containsKey("Origin")) {
            throw Refusal.forbidden(here ? "a page in a browser" : "another machine", "a program on this one");
        }
        JsonObject object = Answer.object(Answer.SERVER);
        try {
            object.addProperty("model", exchange.get());
        } catch (GlintException e) {
            throw Refusal.failed(e);
        }
        return Answer.json(object);
    }

    private Answer classify(Request request) throws IOException, InterruptedException {
        HttpExchange exchange = request.exchange();
        if (open.stopping()) {
            throw Refusal.stopping();
        }
        int topK = RequestQuery.topK(exchange.getRequestURI().getRawQuery(), settings.topK());
        Headers headers = exchange.getRequestHeaders();
        requireUncompressed(headers);
        SiteCheck.requireOwnPage(headers);
        queue.requirePlace();
        @Nullable String type = headers.getFirst("Content-Type");
        boolean form = type != null && isForm(type);
        try (Body body = bodies.read(exchange, () -> tooSlow(request))) {
            if (type == null || !form) {
                return answer(RAW_BODY, body.bytes(), topK);
            }
            MultipartForm.FilePart file = MultipartForm.onlyFile(body.bytes(), type);
            return answer(file.name(), file.content(), topK);
        }
    }

    private static void requireUncompressed(Headers headers) {
        @Nullable String encoding = headers.getFirst("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Refusal.unsupportedType("a body with a content encoding", "one without");
        }
    }

    /** Whether the picture is a file in a form. Other types are not believed: the picture's first bytes say what it is. */
    private static boolean isForm(String type) {
        String media = MultipartForm.mediaType(type);
        if (media.startsWith("multipart/") && !MultipartForm.isType(type)) {
            throw Refusal.unsupportedType("another kind of multipart", "multipart/form-data");
        }
        return MultipartForm.isType(type);
    }

    private void tooSlow(Request request) {
        Answer answer = Answer.error(Refusal.tooSlow(settings.timeout()));
        told(request, answer);
        try {
            answer.write(request.exchange(), true);
        } catch (IOException e) {
            // Nobody is there to read it.
        }
    }

    private Answer answer(String name, byte[] picture, int topK) throws InterruptedException {
        Classified classified;
        try {
            classified = queue.classify(picture, topK);
        } catch (Refusal e) {
            throw e.about(name);
        }
        metrics.predicted(classified.prediction());
        JsonObject entry = new JsonObject();
        entry.addProperty("file", name);
        entry.add("candidates", CandidateJson.candidates(classified.prediction()));
        JsonArray pictures = new JsonArray();
        pictures.add(entry);
        JsonObject object = Answer.object(Answer.PICTURES);
        object.addProperty("model", classified.model());
        object.add("pictures", pictures);
        return Answer.json(object);
    }
}
