package dev.glint.trainer.run;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.RecipeDraft;

/** The JSON form of a recipe, as it stands in a run's configuration. */
final class RecipeJson {
    private static final Gson PLAIN = new Gson();

    private RecipeJson() {}

    static JsonObject write(Recipe recipe) {
        JsonObject json = new JsonObject();
        Hyperparameter.all()
                .forEach(hyperparameter ->
                        json.add(hyperparameter.name(), PLAIN.toJsonTree(hyperparameter.plain(recipe))));
        return json;
    }

    /** Reads it; what is missing or wrong is said as {@link RunConfig#fromJson} expects it. */
    static Recipe read(JsonObject json) {
        RecipeDraft draft = new RecipeDraft();
        for (Hyperparameter<?> hyperparameter : Hyperparameter.all()) {
            JsonElement value = RunConfig.field(json, hyperparameter.name());
            hyperparameter.read(value.isJsonNull() ? null : value.getAsString(), draft);
        }
        return new Recipe(draft);
    }
}
