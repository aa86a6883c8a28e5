package dev.glint.classify;

import dev.glint.classify.batch.ResultFormat;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What a plain {@code classify IMAGE} does without: it joins the command line when something of it is asked for. */
@Command
final class MoreOptions {
    @Mixin
    BatchOptions batch = new BatchOptions();

    /**
     * The form of the answers.
     *
     * @throws GlintException ({@code USAGE}) if more than one is asked for
     */
    ResultFormat format(boolean json) {
        List<String> names = new ArrayList<>();
        ResultFormat format = ResultFormat.FOR_PEOPLE;
        if (json) {
            names.add("--json");
            format = ResultFormat.JSON;
        }
        if (batch.jsonLines) {
            names.add("--jsonl");
            format = ResultFormat.JSON_LINES;
        }
        if (batch.csv) {
            names.add("--csv");
            format = ResultFormat.CSV;
        }
        if (names.size() > 1) {
            throw GlintException.failure(
                    Reason.USAGE, String.join(" with ", names), "one of them", "leave the others out");
        }
        return format;
    }
}
