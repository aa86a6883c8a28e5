package dev.glint.console;

import picocli.CommandLine.Option;

/** The option of every verb that shows where a failure comes from; {@link CommandSetup} looks for it by its name. */
public final class DebugOption {
    /** The option. */
    public static final String NAME = "--debug";

    @Option(names = NAME, description = "show the stack trace of a failure")
    private boolean debug;
}
