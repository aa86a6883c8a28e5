package dev.glint.classify.serve;

import com.sun.net.httpserver.HttpExchange;
import dev.glint.console.FailureReport;
import dev.glint.runtime.failure.GlintException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a server tells people.
 *
 * @param err where
 * @param requests whether it tells of each request
 * @param debug whether it shows stack traces
 */
public record ServeLog(PrintWriter err, boolean requests, boolean debug) {
    private static final int LONGEST_PATH = 200;
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,16}");

    /** A request has its answer. */
    void answered(HttpExchange exchange, int status, long nanos) {
        if (!requests) {
            return;
        }
        // The JDK takes all up to the first space for the method; a URI has neither spaces nor control characters.
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().toString();
        err.println(String.format(
                Locale.ROOT,
                "%s %s %s %s %d %.1f ms",
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                exchange.getRemoteAddress().getAddress().getHostAddress(),
                METHOD.matcher(method).matches() ? method : "?",
                path.substring(0, Math.min(LONGEST_PATH, path.length())),
                status,
                nanos / 1e6));
    }

    /** Another model answers from now on. */
    void exchanged(ServedModel model) {
        err.println("note: " + model.name() + " is another one now, and answers");
    }

    /** A model's answers cannot be held against a baseline. */
    void unwatched(GlintException failure) {
        err.println("note: no drift is measured: " + failure.getMessage());
    }

    /** Something failed that no client is to blame for. */
    void failed(Throwable failure) {
        FailureReport.print(failure, err, debug);
    }
}
