package dev.glint.onnx.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FallbackSearchTest {
    private static final List<String> RANKING = List.of("a", "b", "c", "d", "e", "f", "g", "h");

    private final List<List<String>> asked = new ArrayList<>();

    private Optional<List<String>> search(List<String> needed) {
        return FallbackSearch.shortest(RANKING, list -> {
            asked.add(List.copyOf(list));
            return list.containsAll(needed);
        });
    }

    @Test
    void nothingIsKeptInFloatIfNothingNeedsToBe() {
        assertEquals(Optional.of(List.of()), search(List.of()));
        assertEquals(1, asked.size());
    }

    @Test
    void fewLayersAreFoundByFewQuestions() {
        assertEquals(Optional.of(List.of("a")), search(List.of("a")));
        assertEquals(List.of(List.of(), List.of("a")), asked);
    }

    @Test
    void moreLayersAreFoundByDoublingAndHalving() {
        search(List.of("a", "b", "c", "d", "e", "f", "g"));
        assertEquals(
                List.of(0, 1, 2, 4, 6, 7),
                asked.subList(0, 6).stream().map(List::size).toList());
    }

    @Test
    void layersThatAreNotNeededAreLeftOutAgain() {
        assertEquals(Optional.of(List.of("b", "e")), search(List.of("b", "e")));
        assertEquals(asked.size(), asked.stream().distinct().count(), "asked twice: " + asked);
    }

    @Test
    void longListsAreThinnedByRuns() {
        List<String> ranking =
                IntStream.range(0, 100).mapToObj(i -> "layer" + i).toList();
        Optional<List<String>> found = FallbackSearch.shortest(ranking, list -> {
            asked.add(List.copyOf(list));
            return list.containsAll(List.of("layer3", "layer70"));
        });
        assertTrue(found.orElseThrow().containsAll(List.of("layer3", "layer70")));
        assertTrue(found.orElseThrow().size() <= 10, found.toString());
        assertTrue(asked.size() <= 45, asked.size() + " questions");
        assertEquals(asked.size(), asked.stream().distinct().count());
    }

    @Test
    void allLayersInFloatAreNoAnswer() {
        assertEquals(Optional.empty(), search(List.of("h")));
        assertEquals(Optional.empty(), search(List.of("unknown")));
    }
}
