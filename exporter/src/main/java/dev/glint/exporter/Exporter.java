package dev.glint.exporter;

import dev.glint.exporter.cli.ExporterCommand;
import dev.glint.runtime.engine.ort.OnnxRuntime;

/** The main class of {@code bin/exporter}. */
public final class Exporter {
    private Exporter() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        OnnxRuntime.keepQuiet();
        System.exit(ExporterCommand.run(arguments));
    }
}
