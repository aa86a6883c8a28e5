package dev.glint.trainer;

import dev.glint.trainer.cli.TrainerCommand;

/** The main class of {@code bin/trainer}. */
public final class Trainer {
    private Trainer() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(TrainerCommand.run(arguments));
    }
}
