package dev.glint.trainer.cli;

import ai.djl.Device;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.engine.DeviceChoice;
import dev.glint.trainer.run.RunConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What may be asked of a run that goes on: nothing that it does not do already. */
final class Resumption {
    private static final String VERSIONS = "versions";

    private Resumption() {}

    /**
     * Checks that the options of the command say nothing that contradicts the run.
     *
     * @param asked the run with what the options say in place of what it has
     * @throws GlintException ({@code USAGE}) naming what differs
     */
    static void requireSame(Path folder, RunConfig run, RunConfig asked) {
        JsonObject there = JsonParser.parseString(run.toJson()).getAsJsonObject();
        JsonObject here = JsonParser.parseString(asked.toJson()).getAsJsonObject();
        there.remove(VERSIONS);
        here.remove(VERSIONS);
        for (Map.Entry<String, JsonElement> entry : here.entrySet()) {
            requireSame(folder, entry.getKey(), there.get(entry.getKey()), entry.getValue());
        }
    }

    private static void requireSame(Path folder, String name, JsonElement there, JsonElement here) {
        if (here.isJsonObject() && there.isJsonObject()) {
            here.getAsJsonObject()
                    .asMap()
                    .forEach((key, value) -> requireSame(
                            folder, key, there.getAsJsonObject().asMap().getOrDefault(key, JsonNull.INSTANCE), value));
        } else if (!here.equals(there)) {
            throw GlintException.failure(
                            Reason.USAGE,
                            name + " " + text(here),
                            text(there) + " as the run began with",
                            "leave the option out to go on, or fit anew with --force")
                    .about(folder);
        }
    }

    private static String text(JsonElement value) {
        return value.isJsonNull() ? "none" : value.isJsonPrimitive() ? value.getAsString() : value.toString();
    }

    /** What to tell someone whose run goes on with other versions of what fits it, or on another device, a line each. */
    static List<String> notes(RunConfig run, Device device, Map<String, String> now) {
        List<String> notes = new ArrayList<>();
        if (!now.equals(run.versions())) {
            notes.add(changed(run.versions().toString(), now.toString()));
        }
        if (!device.equals(run.device())) {
            notes.add(changed("the device " + DeviceChoice.text(run.device()), DeviceChoice.text(device)));
        }
        return notes;
    }

    private static String changed(String before, String now) {
        return "the run began with " + before + " and goes on with " + now
                + "; its numbers may differ from those of an unbroken one";
    }
}
