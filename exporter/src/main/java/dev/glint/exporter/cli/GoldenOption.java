package dev.glint.exporter.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which pictures travel inside a model. */
final class GoldenOption {
    @Option(
            names = "--golden",
            paramLabel = "DIR",
            description =
                    "a folder of a few small pictures that go into the model file with what it makes of them, for classify"
                            + " selftest to replay on a device; default synthetic ones, or those that the model has")
    private @Nullable Path folder;

    Optional<Path> folder() {
        return Optional.ofNullable(folder);
    }
}
