package dev.glint.classify.serve;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** A request that gets an error for an answer: the status, and the one line that says why. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SECONDS_UNTIL_RETRY = 1;

    private final int status;

    private final transient Map<String, String> headers;

    private Refusal(int status, GlintException failure, Map<String, String> headers) {
        super(failure.getMessage(), failure, false, false);
        this.status = status;
        this.headers = headers;
    }

    /** 400: what was sent makes no sense. */
    static Refusal malformed(String found, String expected) {
        return plain(400, Reason.INPUT, found, expected, "send a picture as curl --data-binary @FILE or curl -F does");
    }

    /** 403: a request that not everybody may make. */
    static Refusal forbidden(String found, String expected) {
        return plain(403, Reason.INPUT, found, expected, "ask with a program such as curl");
    }

    /** 403: a request that a page of another site may be behind. */
    static Refusal foreign(String found, String expected) {
        return plain(
                403,
                Reason.INPUT,
                found,
                expected,
                "ask at the server's own address; if it has another name, start it with --allow-host NAME");
    }

    /** 404. */
    static Refusal unknownPath() {
        return plain(
                404, Reason.INPUT, "no such path", "one of " + String.join(", ", Route.paths()), "open / in a browser");
    }

    /** 405. */
    static Refusal wrongMethod(String allowed) {
        GlintException failure = GlintException.failure(
                Reason.INPUT, "another method", allowed, "use it, as in curl -X " + first(allowed));
        return new Refusal(405, failure, Map.of("Allow", allowed));
    }

    private static String first(String allowed) {
        int comma = allowed.indexOf(',');
        return comma < 0 ? allowed : allowed.substring(0, comma);
    }

    /** 408: the client took too long to send its request. */
    static Refusal tooSlow(Duration timeout) {
        return plain(
                408,
                Reason.LIMIT,
                "a request that was not sent within " + timeout.toSeconds() + " s",
                "all of it",
                "send it faster, or start with a longer --timeout");
    }

    /** 411. */
    static Refusal withoutLength() {
        return plain(
                411,
                Reason.INPUT,
                "a request without a length",
                "Content-Length, or Transfer-Encoding: chunked",
                "send a picture in its body");
    }

    /** 413: more bytes than may be sent. */
    static Refusal tooManyBytes(long maxBytes) {
        return plain(
                413,
                Reason.LIMIT,
                "a request of more bytes",
                "at most " + maxBytes,
                "send a smaller picture, or start with a larger --max-bytes");
    }

    /** 415: a body that cannot be a picture in a format that is read. */
    static Refusal unsupported(GlintException failure) {
        return new Refusal(415, failure, Map.of());
    }

    /** 415: a content type or encoding that is not taken. */
    static Refusal unsupportedType(String found, String expected) {
        return plain(415, Reason.INPUT, found, expected, "send the file as it is");
    }

    /** 503: the server has as much to do as it takes. */
    static Refusal busy(String found, String expected) {
        return temporary(found, expected, "try again later, or start with more --workers or a longer --queue");
    }

    /** 503: a picture that needs more memory than there is at the moment. */
    static Refusal withoutMemory() {
        return busy("too little memory", "room for the picture and the model");
    }

    /** 503: the server is ending. */
    static Refusal stopping() {
        return temporary("a server that is stopping", "one that runs", "try again when it was started again");
    }

    private static Refusal temporary(String found, String expected, String remedy) {
        return new Refusal(
                503,
                GlintException.failure(Reason.LIMIT, found, expected, remedy),
                Map.of("Retry-After", Integer.toString(SECONDS_UNTIL_RETRY)));
    }

    /** What went wrong with a picture or the model: 413 for a limit, 422 for a damaged picture, 500 for the model. */
    static Refusal failed(GlintException failure) {
        int status = switch (failure.reason()) {
            case LIMIT -> 413;
            case USAGE, INPUT -> 422;
            case MODEL, GATE -> 500;
        };
        return new Refusal(status, failure, Map.of());
    }

    /** 500: our own mistake, of which the client learns nothing more. */
    static Refusal internal() {
        return plain(
                500, Reason.MODEL, "an internal error", "an answer", "look at what the server wrote to standard error");
    }

    private static Refusal plain(int status, Reason reason, String found, String expected, String remedy) {
        return new Refusal(status, GlintException.failure(reason, found, expected, remedy), Map.of());
    }

    /** The same with the name of the picture in front, unless it names something already. */
    Refusal about(String picture) {
        return new Refusal(
                status, Objects.requireNonNull(((GlintException) getCause())).about(picture), headers);
    }

    int status() {
        return status;
    }

    /** Headers of its response. */
    Map<String, String> headers() {
        return headers;
    }
}
