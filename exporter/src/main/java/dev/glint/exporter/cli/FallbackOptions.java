package dev.glint.exporter.cli;

import dev.glint.exporter.job.NodeChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which layers stay in float. */
final class FallbackOptions {
    @Option(
            names = "--exclude",
            paramLabel = "NODE",
            split = ",",
            description = "nodes that stay in float: names, or operators such as op:Add")
    private List<String> exclude = List.of();

    @Option(
            names = "--include",
            paramLabel = "NODE",
            split = ",",
            description = "the only nodes that may become integers, named likewise")
    private List<String> include = List.of();

    @Option(
            names = "--overrides",
            paramLabel = "FILE",
            description = {
                "JSON: {\"nodes\": {NODE: \"float\" or \"integer\"}, \"ranges\": {VALUE: [MIN, MAX]}, \"activations\": {VALUE:"
                        + " {\"type\": \"u8\", \"symmetry\": \"symmetric\"}}, \"weights\": {NODE: {\"granularity\": \"per-tensor\"}}}, or"
                        + " what --plan wrote; an integer node is kept by the search, too, a value with a range is not"
                        + " calibrated"
            })
    private @Nullable Path overrides;

    @Option(
            names = "--no-fallback",
            description = "do not search for layers to keep in float if accuracy drops by more than --max-drop")
    private boolean withoutSearch;

    @Option(
            names = "--explain",
            description = "say for each layer how much its rounding costs, or why it stays in float")
    private boolean explain;

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = {
                "write the plan as JSON: of each node whether it is integer or float, and why, of each tensor type, symmetry,"
                        + " granularity, range and scale; for one variant"
            })
    private @Nullable Path plan;

    /** Where the plan is to be written. */
    Optional<Path> plan() {
        return Optional.ofNullable(plan);
    }

    NodeChoice nodes() {
        return new NodeChoice(exclude, include, Optional.ofNullable(overrides));
    }

    boolean search() {
        return !withoutSearch;
    }

    boolean explain() {
        return explain;
    }
}
