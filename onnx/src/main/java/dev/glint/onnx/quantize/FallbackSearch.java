package dev.glint.onnx.quantize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Searches the shortest list of layers that must stay in float. */
public final class FallbackSearch {
    /** Of a list so long it is tried for each layer whether it is needed; of longer ones for so many runs of them. */
    private static final int LEFT_OUT = 16;

    private final List<String> ranking;
    private final Predicate<List<String>> passes;
    private final Map<List<String>, Boolean> asked = new HashMap<>();

    private FallbackSearch(List<String> ranking, Predicate<List<String>> passes) {
        this.ranking = ranking;
        this.passes = passes;
    }

    /**
     * The fewest layers of a ranking found to be enough: a beginning of it, doubled until it is, then by halving what was
     * added last, of which then those are left out again that are not needed, the cheapest first, in ever shorter runs. Few
     * layers mostly are enough, and what a short list must answer for is seen more clearly than what a long one may.
     *
     * @param ranking the layers, the one that costs most first
     * @param passes whether it is enough to keep these in float; asked once for each list
     * @return the list in the ranking's order; empty if nothing short of all layers is enough
     */
    public static Optional<List<String>> shortest(List<String> ranking, Predicate<List<String>> passes) {
        FallbackSearch search = new FallbackSearch(List.copyOf(ranking), passes);
        if (search.isEnough(List.of())) {
            return Optional.of(List.of());
        }
        return search.beginning().map(search::withoutTheNeedless);
    }

    private boolean isEnough(List<String> layers) {
        return asked.computeIfAbsent(List.copyOf(layers), passes::test);
    }

    private Optional<List<String>> beginning() {
        int tooFew = 0;
        int enough = 1;
        while (enough < ranking.size() && !isEnough(ranking.subList(0, enough))) {
            tooFew = enough;
            enough *= 2;
        }
        enough = Math.min(enough, ranking.size());
        while (enough - tooFew > 1) {
            int middle = (tooFew + enough) >>> 1;
            if (isEnough(ranking.subList(0, middle))) {
                enough = middle;
            } else {
                tooFew = middle;
            }
        }
        return enough < ranking.size() ? Optional.of(ranking.subList(0, enough)) : Optional.empty();
    }

    private List<String> withoutTheNeedless(List<String> enough) {
        List<String> needed = enough;
        int shortest = (enough.size() + LEFT_OUT - 1) / LEFT_OUT;
        for (int run = Math.max(shortest, enough.size() / 2);
                run >= shortest;
                run = run == shortest ? 0 : Math.max(shortest, run / 2)) {
            for (int end = needed.size(); end > 0; end -= run) {
                List<String> fewer = new ArrayList<>(needed);
                fewer.subList(Math.max(0, end - run), end).clear();
                if (isEnough(fewer)) {
                    needed = fewer;
                }
            }
        }
        return List.copyOf(needed);
    }
}
