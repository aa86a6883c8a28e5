package dev.glint.trainer.recipe;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a recipe while they change; they are checked when they become one. */
public final class RecipeDraft {
    private final Map<Hyperparameter<?>, @Nullable Object> values = new HashMap<>();

    /** Nothing yet. */
    public RecipeDraft() {}

    /** What a recipe has. */
    public RecipeDraft(Recipe recipe) {
        Hyperparameter.all()
                .forEach(hyperparameter ->
                        values.put(hyperparameter, hyperparameter.getter().apply(recipe)));
    }

    /** The value of a hyperparameter. */
    @SuppressWarnings({"unchecked", "NullAway"}) // Nothing but set and the constructor put values in.
    public <T> T get(Hyperparameter<T> hyperparameter) {
        return (T) values.get(hyperparameter);
    }

    /** Gives a hyperparameter another value. */
    public <T> RecipeDraft set(Hyperparameter<T> hyperparameter, @Nullable T value) {
        values.put(hyperparameter, value);
        return this;
    }
}
