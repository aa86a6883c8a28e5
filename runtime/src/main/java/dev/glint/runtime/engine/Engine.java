package dev.glint.runtime.engine;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.onnx.OnnxFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What runs a model. Safe for use by several threads. */
public interface Engine {

    /** Its name, as a command line has it. */
    String name();

    /** The version of the library that it is, if it is none of Glint's own; loaded for that if need be. */
    default Optional<String> version() {
        return Optional.empty();
    }

    /** What of the processor the loops of an engine of Glint's own use. */
    default Optional<String> loops() {
        return Optional.empty();
    }

    /**
     * Makes ready what all its models share, once per process. Opening a model does so by itself; this is for a caller who
     * does it beside other work, or wants to know what opening a model costs without it. A failure is kept for the models.
     */
    default void start() {}

    /**
     * What it can compute with. A library is loaded for that if need be.
     *
     * @throws GlintException ({@code INPUT}) if that cannot be loaded
     */
    default List<Provider> providers() {
        return List.of(Provider.CPU);
    }

    /** Why it does not run this model; empty if it does. */
    Optional<String> refusal(OnnxFile onnx, Signature signature);

    /**
     * Makes a model ready to run.
     *
     * @param file what it is called in messages
     * @param onnx its content, in memory or in {@link OnnxFile#file()}, which was held against its contract
     * @throws GlintException ({@code MODEL}) naming the file if it cannot be run, ({@code INPUT}) if the engine itself
     *     cannot
     */
    Session open(Path file, OnnxFile onnx, Signature signature, EngineOptions options);
}
