package dev.glint.trainer.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.trainer.run.RunFolder;
import java.util.stream.Collectors;

/** The part of a run's report about what decided it. */
record SettingsSection(Html html, RunFolder run) {

    void write() {
        html.raw(
                        "<section>\n<h2>Settings</h2>\n<p>This command repeats the run; <code>--run</code> names its folder.</p>\n")
                .add("<pre class=\"command\">{}</pre>\n", RepeatCommand.line(run.config()))
                .raw(
                        "<details>\n<summary>As config.json and contract.json have them</summary>\n<dl class=\"settings\">\n");
        // The configuration as it is, so that a setting that is new shows without a change here.
        flatten("", JsonParser.parseString(run.config().toJson()));
        html.raw("</dl>\n<h3>Preprocessing</h3>\n<dl class=\"settings\">\n");
        JsonObject contract = JsonParser.parseString(run.contract().toJson()).getAsJsonObject();
        contract.remove("labels");
        flatten("", contract);
        html.raw("</dl>\n</details>\n</section>\n");
    }

    private void flatten(String name, JsonElement value) {
        if (value.isJsonObject()) {
            value.getAsJsonObject()
                    .asMap()
                    .forEach((key, child) -> flatten(name.isEmpty() ? key : name + "." + key, child));
            return;
        }
        html.add("<div><dt>{}</dt><dd>{}</dd></div>\n", name, text(value));
    }

    private static String text(JsonElement value) {
        if (value.isJsonNull()) {
            return "none";
        }
        if (value.isJsonArray()) {
            return value.getAsJsonArray().asList().stream()
                    .map(SettingsSection::text)
                    .collect(Collectors.joining(", "));
        }
        if (value.isJsonObject()) {
            return value.getAsJsonObject().asMap().values().stream()
                    .map(SettingsSection::text)
                    .collect(Collectors.joining(" "));
        }
        return value.getAsJsonPrimitive().isNumber()
                ? value.getAsBigDecimal().stripTrailingZeros().toPlainString()
                : value.getAsString();
    }
}
