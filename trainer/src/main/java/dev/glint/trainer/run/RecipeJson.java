package dev.glint.trainer.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.recipe.FineTuning;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.Schedule;

/** The JSON form of a recipe, as it stands in a run's configuration. */
final class RecipeJson {
    private RecipeJson() {}

    static JsonObject write(Recipe recipe) {
        OptimizerSettings optimizer = recipe.optimizer();
        FineTuning fineTuning = recipe.fineTuning();
        JsonObject json = new JsonObject();
        json.addProperty("epochs", recipe.epochs());
        json.addProperty("batchSize", recipe.batchSize());
        json.addProperty("optimizer", optimizer.kind().id());
        json.addProperty("learningRate", optimizer.learningRate());
        json.addProperty("momentum", optimizer.momentum());
        json.addProperty("weightDecay", optimizer.weightDecay());
        json.addProperty("decaysAll", optimizer.decaysAll());
        json.addProperty("normBiasRate", optimizer.normBiasRate());
        json.addProperty("clipNorm", optimizer.clipNorm());
        json.addProperty("schedule", recipe.schedule().curve().toString());
        json.addProperty("warmupEpochs", recipe.schedule().warmupEpochs());
        json.addProperty("labelSmoothing", recipe.labelSmoothing());
        json.addProperty("averageDecay", recipe.averageDecay());
        json.addProperty("whitening", recipe.whitening());
        json.addProperty("testFlip", recipe.testFlip());
        json.addProperty("frozenEpochs", fineTuning.frozenEpochs());
        json.addProperty("backboneLearningRate", fineTuning.backboneLearningRate());
        json.addProperty("frozenBatchNorm", fineTuning.frozenBatchNorm());
        json.addProperty("augmentations", recipe.augmentations().toString());
        return json;
    }

    /** Reads it; what is missing or wrong is said as {@link RunConfig#fromJson} expects it. */
    static Recipe read(JsonObject json) {
        JsonElement backbone = RunConfig.field(json, "backboneLearningRate");
        return new Recipe(
                RunConfig.field(json, "epochs").getAsInt(),
                RunConfig.field(json, "batchSize").getAsInt(),
                new OptimizerSettings(
                        OptimizerSettings.Kind.named(
                                RunConfig.field(json, "optimizer").getAsString()),
                        RunConfig.field(json, "learningRate").getAsDouble(),
                        RunConfig.field(json, "momentum").getAsDouble(),
                        RunConfig.field(json, "weightDecay").getAsDouble(),
                        RunConfig.field(json, "decaysAll").getAsBoolean(),
                        RunConfig.field(json, "normBiasRate").getAsDouble(),
                        RunConfig.field(json, "clipNorm").getAsDouble()),
                new Schedule(
                        Schedule.curve(RunConfig.field(json, "schedule").getAsString()),
                        RunConfig.field(json, "warmupEpochs").getAsDouble()),
                RunConfig.field(json, "labelSmoothing").getAsDouble(),
                RunConfig.field(json, "averageDecay").getAsDouble(),
                RunConfig.field(json, "whitening").getAsBoolean(),
                RunConfig.field(json, "testFlip").getAsBoolean(),
                new FineTuning(
                        RunConfig.field(json, "frozenEpochs").getAsInt(),
                        backbone.isJsonNull() ? null : backbone.getAsDouble(),
                        RunConfig.field(json, "frozenBatchNorm").getAsBoolean()),
                Augmentations.parse(RunConfig.field(json, "augmentations").getAsString()));
    }
}
