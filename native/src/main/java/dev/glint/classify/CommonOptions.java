package dev.glint.classify;

import dev.glint.console.DebugOption;
import picocli.CommandLine.Option;

/** What every verb takes. */
final class CommonOptions {
    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Option(names = DebugOption.NAME, description = "Print the stack trace of an error.")
    boolean debug;
}
