package dev.glint.onnx.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    void theCostliestLayersAreFoundByHalving() {
        assertEquals(Optional.of(List.of("a")), search(List.of("a")));
        assertEquals(List.of(List.of(), List.of("a", "b", "c", "d"), List.of("a", "b"), List.of("a")), asked);
    }

    @Test
    void layersThatAreNotNeededAreLeftOutAgain() {
        assertEquals(Optional.of(List.of("b", "e")), search(List.of("b", "e")));
        assertEquals(asked.size(), asked.stream().distinct().count(), "asked twice: " + asked);
    }

    @Test
    void allLayersInFloatAreNoAnswer() {
        assertEquals(Optional.empty(), search(List.of("h")));
        assertEquals(Optional.empty(), search(List.of("unknown")));
    }
}
