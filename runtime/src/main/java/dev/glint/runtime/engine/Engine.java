package dev.glint.runtime.engine;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.onnx.OnnxFile;
import java.nio.file.Path;
import java.util.Optional;

/** What runs a model. Safe for use by several threads. */
public interface Engine {

    /** Its name, as a command line has it. */
    String name();

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
