package dev.glint.onnx.quantize;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Searches the shortest list of layers that must stay in float. */
public final class FallbackSearch {
    private FallbackSearch() {}

    /**
     * The fewest layers of a ranking found to be enough: a beginning of it, doubled until it is, then by halving what was
     * added last, of which then each is left out again that is not needed, the cheapest first. Few layers mostly are enough,
     * and what a short list must answer for is seen more clearly than what a long one may.
     *
     * @param ranking the layers, the one that costs most first
     * @param passes whether it is enough to keep these in float; asked once for each list
     * @return the list in the ranking's order; empty if nothing short of all layers is enough
     */
    public static Optional<List<String>> shortest(List<String> ranking, Predicate<List<String>> passes) {
        if (passes.test(List.of())) {
            return Optional.of(List.of());
        }
        int tooFew = 0;
        int enough = 1;
        while (enough < ranking.size() && !passes.test(ranking.subList(0, enough))) {
            tooFew = enough;
            enough *= 2;
        }
        enough = Math.min(enough, ranking.size());
        while (enough - tooFew > 1) {
            int middle = (tooFew + enough) >>> 1;
            if (passes.test(ranking.subList(0, middle))) {
                enough = middle;
            } else {
                tooFew = middle;
            }
        }
        if (enough >= ranking.size()) {
            return Optional.empty();
        }
        List<String> needed = new ArrayList<>(ranking.subList(0, enough));
        for (int i = needed.size() - 2; i >= 0; i--) {
            List<String> fewer = new ArrayList<>(needed);
            fewer.remove(i);
            if (passes.test(fewer)) {
                needed = fewer;
            }
        }
        return Optional.of(List.copyOf(needed));
    }
}
