package dev.glint.console;

import com.google.gson.JsonElement;

/** JSON as text that no terminal obeys and every parser reads back. */
public final class JsonText {
    private JsonText() {}

    /**
     * A value on one line. Gson escapes what JSON must have escaped; here the other characters follow that
     * {@link Text#printable} would replace. They occur in strings only, where an escape means the same.
     */
    public static String line(JsonElement value) {
        String json = value.toString();
        if (json.chars().noneMatch(Text::steersTerminal)) {
            return json;
        }
        StringBuilder escaped = new StringBuilder();
        json.chars().forEach(c -> {
            if (Text.steersTerminal(c)) {
                escaped.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }
}
