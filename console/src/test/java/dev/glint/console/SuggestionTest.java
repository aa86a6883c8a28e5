package dev.glint.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuggestionTest {
    private static final List<String> MODELS = List.of("simple-cnn", "small-vgg", "resnet-18", "bar-cnn");

    @Test
    void lettersMayBeSwappedMissingAddedOrWrong() {
        assertEquals(Optional.of("--model"), Suggestion.nearest("--modle", List.of("--mode", "--model", "--data")));
        assertEquals(Optional.of("fit"), Suggestion.nearest("fti", List.of("eval", "fit", "find-lr")));
        assertEquals(Optional.of("resnet-18"), Suggestion.nearest("resnt-18", MODELS));
        assertEquals(Optional.of("bar-cnn"), Suggestion.nearest("bar-cnnn", MODELS));
        assertEquals(Optional.of("simple-cnn"), Suggestion.nearest("sample-cnn", MODELS));
    }

    @Test
    void hyphensAndCapitalsCountForNothing() {
        assertEquals(Optional.of("small-vgg"), Suggestion.nearest("smallvgg", MODELS));
        assertEquals(Optional.of("small-vgg"), Suggestion.nearest("Small_VGG", MODELS));
    }

    @Test
    void otherWordsAreNotGuessedAt() {
        assertEquals(Optional.empty(), Suggestion.nearest("mobilenet", MODELS));
        assertEquals(Optional.empty(), Suggestion.nearest("--colour", List.of("--model", "--top-k")));
        assertEquals(Optional.empty(), Suggestion.nearest("x", List.of("y")));
        assertEquals(Optional.empty(), Suggestion.nearest("", MODELS));
        assertEquals("correct it", Suggestion.remedy("lenet", MODELS, "correct it"));
        assertEquals("did you mean small-vgg?", Suggestion.remedy("smal-vgg", MODELS, "correct it"));
    }

    @Test
    void distancesCountEdits() {
        assertEquals(0, Suggestion.distance("fit", "fit"));
        assertEquals(1, Suggestion.distance("fti", "fit"));
        assertEquals(3, Suggestion.distance("kitten", "sitting"));
        assertEquals(3, Suggestion.distance("", "fit"));
    }
}
