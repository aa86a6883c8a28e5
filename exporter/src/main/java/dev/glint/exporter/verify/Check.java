package dev.glint.exporter.verify;

import com.google.gson.JsonObject;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing that was looked at in a model folder.
 *
 * @param subject the file
 * @param name what was looked at
 * @param outcome whether it holds
 * @param detail what was found
 * @param reason of a failure, which decides the exit code; empty otherwise
 */
public record Check(String subject, String name, Outcome outcome, String detail, Optional<Reason> reason) {
    /** Whether a check holds. */
    public enum Outcome {
        PASSED,
        FAILED,
        SKIPPED
    }

    /** What is looked at; says what was found. */
    @FunctionalInterface
    public interface Look {
        String find();
    }

    /** Looks; a failure is an answer, too. */
    public static Check run(String subject, String name, Look look) {
        try {
            return new Check(subject, name, Outcome.PASSED, look.find(), Optional.empty());
        } catch (GlintException e) {
            String detail =
                    Objects.requireNonNullElse(e.getMessage(), e.reason().name());
            return new Check(subject, name, Outcome.FAILED, detail, Optional.of(e.reason()));
        }
    }

    /** Notes what could not be looked at, and why. */
    public static Check skipped(String subject, String name, String why) {
        return new Check(subject, name, Outcome.SKIPPED, why, Optional.empty());
    }

    /** Whether it holds or was not looked at. */
    public boolean holds() {
        return outcome != Outcome.FAILED;
    }

    /** The JSON form. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("file", subject);
        json.addProperty("check", name);
        json.addProperty("outcome", outcome.name().toLowerCase(Locale.ROOT));
        json.addProperty("detail", detail);
        return json;
    }
}
