package dev.glint.classify.serve;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The paths that are answered, and their methods. */
enum Route {
    PAGE("/", "GET, HEAD"),
    CLASSIFY("/classify", "POST"),
    HEALTH("/health", "GET, HEAD"),
    READY("/ready", "GET, HEAD"),
    METRICS("/metrics", "GET, HEAD"),
    RELOAD("/reload", "POST");

    private final String path;
    private final String methods;

    Route(String path, String methods) {
        this.path = path;
        this.methods = methods;
    }

    /** Its path. */
    String path() {
        return path;
    }

    /** Those of all. */
    static List<String> paths() {
        return Arrays.stream(values()).map(Route::path).toList();
    }

    /** The one with this path. */
    static Optional<Route> find(@Nullable String path) {
        return Arrays.stream(values()).filter(route -> route.path.equals(path)).findFirst();
    }

    /**
     * Refuses other methods than its own.
     *
     * @throws Refusal (405)
     */
    void requireMethod(String method) {
        if (!List.of(methods.split(", ")).contains(method)) {
            throw Refusal.wrongMethod(methods);
        }
    }
}
