package dev.glint.console;

import com.google.gson.JsonObject;
import dev.glint.runtime.failure.GlintException;

/** A JSON object whose last field is a list that grows line by line. Closing it ends the object. */
public final class JsonReport implements AutoCloseable {
    private final Output out;
    private String pending;

    /**
     * Begins the object.
     *
     * @param head the fields before the list, at least one
     * @param list the name of the list
     */
    public JsonReport(Output out, JsonObject head, String list) {
        this.out = out;
        String open = head.toString();
        this.pending = open.substring(0, open.length() - 1) + ",\"" + list + "\":[";
    }

    /** Adds an entry, on a line of its own. */
    public void add(JsonObject entry) {
        out.line(pending);
        out.flush();
        // Held back until it is known whether another one follows.
        pending = entry + ",";
    }

    /** Adds the entry of a file that failed. */
    public void addFailure(String file, GlintException failure) {
        JsonObject entry = new JsonObject();
        entry.addProperty("file", file);
        entry.addProperty("error", failure.getMessage());
        add(entry);
    }

    @Override
    public void close() {
        out.line(pending.endsWith(",") ? pending.substring(0, pending.length() - 1) : pending);
        out.line("]}");
        out.flush();
    }
}
