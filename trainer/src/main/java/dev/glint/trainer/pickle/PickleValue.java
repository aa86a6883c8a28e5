package dev.glint.trainer.pickle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a pickle is made of. Collections have identity, as pickles refer to them again. */
public sealed interface PickleValue {

    /**
     * A {@code String}, a {@code Long}, a {@code Double} or a {@code Boolean}. Where a vocabulary allows byte strings, each is
     * a {@code String} with a character, 0 to 255, per byte.
     */
    record Scalar(Object value) implements PickleValue {}

    /** Python's {@code None}. */
    record None() implements PickleValue {}

    /** A tuple. */
    record Tuple(List<PickleValue> items) implements PickleValue {}

    /** A list. */
    final class Array implements PickleValue {
        public final List<PickleValue> items = new ArrayList<>();
    }

    /** A dict; its keys are scalars. */
    final class Dict implements PickleValue {
        public final Map<Object, PickleValue> items = new LinkedHashMap<>();
    }

    /** What a {@link PickleVocabulary} makes of names and calls. */
    non-sealed interface Made extends PickleValue {}
}
