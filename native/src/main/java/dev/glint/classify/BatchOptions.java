package dev.glint.classify;

import dev.glint.classify.batch.MinProbability;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What many pictures may ask for. */
@Command
final class BatchOptions {
    private static final int MOST_WORKERS = 256;

    @Option(
            names = "--recursive",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Search the folders in a folder, too; so it is unless --no-recursive is given.")
    boolean recursive = true;

    @Option(
            names = "--jsonl",
            description =
                    "Print a JSON object per picture, each on its line: schema glint.picture/1, file, and candidates"
                            + " as in --json, or error.")
    boolean jsonLines;

    @Option(
            names = "--csv",
            description =
                    "Print comma-separated values: file, rank (from 1), label, index, probability, error; a line per class.")
    boolean csv;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description =
                    "Pictures that are classified at a time, on one model (default: 1). Results keep their order.")
    int workers = 1;

    @Option(
            names = "--min-probability",
            paramLabel = "P",
            description = "Answer unknown (index -1) where the most probable class has less than this.")
    double minProbability;

    /**
     * The number of workers.
     *
     * @throws GlintException ({@code USAGE}) if it makes no sense
     */
    int workers() {
        if (workers < 1 || workers > MOST_WORKERS) {
            throw GlintException.failure(
                    Reason.USAGE, "--workers " + workers, "1 to " + MOST_WORKERS, "leave it out for one");
        }
        return workers;
    }

    /**
     * What makes an answer unknown.
     *
     * @throws GlintException ({@code USAGE}) if it is no probability
     */
    MinProbability minProbability() {
        return new MinProbability(minProbability);
    }
}
