package dev.glint.runtime.engine;

/**
 * How a model is run.
 *
 * @param threads threads that one operator may use, at least 1
 * @param quiet whether the engine says nothing but fatal errors about this model, for what goes wrong is in the exception
 */
public record EngineOptions(int threads, boolean quiet) {
    public EngineOptions {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads");
        }
    }
}
