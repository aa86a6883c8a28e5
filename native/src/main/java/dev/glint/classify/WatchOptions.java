package dev.glint.classify;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What classifying pictures as they come into a folder asks for. */
@Command
final class WatchOptions {
    @Option(
            names = "--watch",
            paramLabel = "DIR",
            description =
                    "Classify pictures as they come into a folder (not into those in it), until interrupted: renamed into"
                            + " it, or not written to for 500 ms. One that is written again is classified again.")
    @Nullable Path watch;

    @Option(names = "--existing", description = "With --watch: the pictures that are there already come first.")
    boolean existing;
}
