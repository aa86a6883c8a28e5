package dev.glint.console;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.glint.runtime.failure.GlintException;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose last field is a list that grows line by line. Closing it ends the object. Where a failure ended
 * the list too early, the field {@code error} stands behind it.
 */
public final class JsonReport implements AutoCloseable {
    private final Output out;
    private String pending;
    private boolean first = true;
    private @Nullable String error;

    /**
     * Begins the object.
     *
     * @param head the fields before the list, at least one
     * @param list the name of the list
     */
    public JsonReport(Output out, JsonObject head, String list) {
        this.out = out;
        String open = JsonText.line(head);
        this.pending = open.substring(0, open.length() - 1) + ",\"" + list + "\":[";
    }

    /** Adds an entry, on a line of its own. */
    public void add(JsonObject entry) {
        // Held back until it is known whether another one follows.
        out.end(first ? pending : pending + ",");
        out.flush();
        pending = JsonText.line(entry);
        first = false;
    }

    /** Adds the entry of a file that failed. */
    public void addFailure(String file, GlintException failure) {
        JsonObject entry = new JsonObject();
        entry.addProperty("file", file);
        entry.addProperty("error", failure.getMessage());
        add(entry);
    }

    /** Says why the list ends before everything was tried. */
    public void cutShort(Throwable failure) {
        error = FailureReport.line(failure);
    }

    @Override
    public void close() {
        out.end(pending);
        out.end(error == null ? "]}" : "],\"error\":" + JsonText.line(new JsonPrimitive(error)) + "}");
        out.flush();
    }
}
