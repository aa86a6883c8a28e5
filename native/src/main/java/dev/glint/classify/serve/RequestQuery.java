package dev.glint.classify.serve;

import org.jspecify.annotations.Nullable;

/** What stands behind the question mark of an address. */
final class RequestQuery {
    private static final String TOP_K = "top-k=";

    private RequestQuery() {}

    /**
     * How many classes a request asks for.
     *
     * @throws Refusal (400) if it says anything else
     */
    static int topK(@Nullable String query, int usual) {
        if (query == null || query.isEmpty()) {
            return usual;
        }
        try {
            int topK = query.startsWith(TOP_K) ? Integer.parseInt(query.substring(TOP_K.length())) : 0;
            if (topK > 0) {
                return topK;
            }
        } catch (NumberFormatException e) {
            // Not a number.
        }
        throw Refusal.malformed("another query", "top-k=N with N of 1 or more, or none");
    }
}
