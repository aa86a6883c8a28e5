package dev.glint.console;

import com.google.gson.JsonElement;
import dev.glint.runtime.failure.PrintableText;

/** JSON as text that no terminal obeys and every parser reads back. */
public final class JsonText {
    private JsonText() {}

    /**
     * A value on one line. Gson escapes what JSON must have escaped; here the other characters follow that
     * {@link Text#printable} would replace. They occur in strings only, where an escape means the same.
     */
    public static String line(JsonElement value) {
        String json = value.toString();
        if (json.codePoints().noneMatch(PrintableText::acts)) {
            return json;
        }
        StringBuilder escaped = new StringBuilder(json.length() + 16);
        json.codePoints().forEach(c -> {
            if (PrintableText.acts(c)) {
                for (char half : Character.toChars(c)) {
                    escaped.append("\\u").append(Integer.toHexString(0x10000 | half), 1, 5);
                }
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
