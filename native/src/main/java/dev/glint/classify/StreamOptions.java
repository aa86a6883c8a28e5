package dev.glint.classify;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a camera's frames from standard input ask for. */
@Command
final class StreamOptions {
    @Option(
            names = "--stream",
            paramLabel = "FORMAT",
            description =
                    "Classify the frames on standard input: mjpeg, or rgb24:WxH (such as rgb24:640x480). Prints a JSON"
                            + " line for each: schema glint.frame/1, frame, time, label, index, probability or error,"
                            + " latencyMillis, dropped.")
    @Nullable String stream;

    @Option(names = "--every", paramLabel = "N", description = "With --stream: classify one of N frames (default: 1).")
    int every = 1;

    @Option(
            names = "--latest",
            description =
                    "With --stream: where frames come faster than answers, give up all but the newest, and count them in"
                            + " dropped. Otherwise each is classified, and the sender waits.")
    boolean latest;

    @Option(
            names = "--smooth",
            paramLabel = "N",
            description = "With --stream: average the probabilities over about N frames (default: 1), exponentially:"
                    + " average + 2 / (N + 1) * (probabilities - average).")
    int smooth = 1;
}
