package dev.glint.classify;

import dev.glint.classify.batch.ResultFormat;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a plain {@code classify IMAGE} does without: it joins the command line when something of it is asked for. */
@Command
final class MoreOptions {
    @Mixin
    BatchOptions batch = new BatchOptions();

    @Mixin
    EngineSettings engines = new EngineSettings();

    @Mixin
    WatchOptions watch = new WatchOptions();

    @Mixin
    StreamOptions stream = new StreamOptions();

    @Option(
            names = "--drift",
            paramLabel = "FILE",
            description =
                    "Count what the pictures are like, and add it to a file for classify drift. No picture is stored.")
    @Nullable Path drift;

    /**
     * Checks that the options go together.
     *
     * @throws GlintException ({@code USAGE}) if they do not
     */
    void check(List<String> images, boolean json) {
        boolean watches = watch.watch != null;
        boolean streams = stream.stream != null;
        if (images.isEmpty() && !watches && !streams) {
            throw GlintException.failure(
                    Reason.USAGE, "no IMAGE", "a picture, a folder or -", "name one, or see classify --help");
        }
        String way = streams ? "--stream" : "--watch";
        if (watches && streams) {
            throw together("--watch", way);
        }
        if (!images.isEmpty() && (watches || streams)) {
            throw together("IMAGE", way);
        }
        if (json && (watches || streams)) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "--json with " + way,
                    "no document, which would never end",
                    streams ? "leave it out" : "use --jsonl");
        }
        requireOnlyWith(watch.existing && !watches, "--existing", "--watch");
        requireOnlyWith(stream.every != 1 && !streams, "--every", "--stream");
        requireOnlyWith(stream.latest && !streams, "--latest", "--stream");
        requireOnlyWith(stream.smooth != 1 && !streams, "--smooth", "--stream");
        if (streams && (batch.csv || batch.jsonLines)) {
            throw together(batch.csv ? "--csv" : "--jsonl", way);
        }
        if (streams && batch.workers != 1) {
            throw together("--workers", way);
        }
        requirePositive("--every", stream.every);
        requirePositive("--smooth", stream.smooth);
    }

    private static GlintException together(String one, String other) {
        return GlintException.failure(Reason.USAGE, one + " with " + other, "one of them", "leave " + one + " out");
    }

    private static void requireOnlyWith(boolean alone, String option, String other) {
        if (alone) {
            throw GlintException.failure(
                    Reason.USAGE, option + " without " + other, "both or neither", "see classify --help");
        }
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw GlintException.failure(Reason.USAGE, option + " " + value, "1 or more", "leave it out for 1");
        }
    }

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
