package dev.glint.onnx.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.onnx.testing.Graphs;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreshNamesTest {

    @Test
    void firstNameIsTheBaseAndFurtherOnesAreNumbered() {
        FreshNames names = new FreshNames();
        assertEquals("relu", names.allocate("relu"));
        assertEquals("relu_2", names.allocate("relu"));
        assertEquals("relu_3", names.allocate("relu"));
        assertEquals("conv", names.allocate("conv"));
    }

    @Test
    void numberedNameThatSomebodyChoseIsSkipped() {
        FreshNames names = new FreshNames();
        names.reserve(List.of("a_2", "a_4"));
        assertEquals("a", names.allocate("a"));
        assertEquals("a_3", names.allocate("a"));
        assertEquals("a_5", names.allocate("a"));
        assertEquals("a_2_2", names.allocate("a_2"));
    }

    @Test
    void everyNameOfAGraphIsAvoided() {
        Graph graph =
                new Graphs().floats("w", 2, 2, 1, 1).node("Conv", "y", "x", "w").build();
        FreshNames names = FreshNames.avoiding(graph);
        assertEquals(
                List.of("x_2", "w_2", "y_2", "z"),
                List.of(names.allocate("x"), names.allocate("w"), names.allocate("y"), names.allocate("z")));
    }
}
