package dev.glint.exporter.job;

import dev.glint.runtime.bundle.Bundle;
import dev.glint.runtime.bundle.BundleWriter;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.glint.GlintEngine;
import dev.glint.runtime.engine.glint.PortableKernels;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Puts a model and the program that runs it into one file. */
public final class BundleJob {
    /** What a picture may take in plain Java's loops, the slowest there are: a tenth or less with those of the native binary. */
    private static final double SMALL_NANOS = 250e6;

    private static final Path LIBRARY = Path.of("lib", "libonnxruntime.so");

    private BundleJob() {}

    /** Whether ONNX Runtime's library goes into the bundle. */
    public enum WithOnnxRuntime {
        /** Where Glint's own engine does not know the model, or would take long for it. */
        AUTO,
        /** Always. */
        ALWAYS,
        /** Never. */
        NEVER;

        /** Its name on a command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Writes a bundle.
     *
     * @param model a model file, or a model folder, which stands for its default
     * @param binary the native binary of {@code classify}; ONNX Runtime's library lies in {@code lib} beside it
     * @throws GlintException ({@code MODEL}) if the model cannot be run, or not without ONNX Runtime and that is left out;
     *     ({@code INPUT}) if the binary or the library is not what it should be
     */
    public static Bundle run(Path model, Path binary, WithOnnxRuntime withOnnxRuntime, Path target) throws IOException {
        ModelFile read = ModelFile.read(model);
        boolean known = runs(read, new GlintEngine(new PortableKernels()));
        if (withOnnxRuntime == WithOnnxRuntime.NEVER && !known) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "a model that Glint's own engine does not know",
                            "one that runs without ONNX Runtime",
                            "leave out --onnxruntime never")
                    .about(read.file());
        }
        boolean needed = switch (withOnnxRuntime) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> !runs(read, new GlintEngine(new PortableKernels()).withLimit(SMALL_NANOS));
        };
        Path library = binary.toAbsolutePath().resolveSibling(LIBRARY);
        if (needed && !Files.isRegularFile(library)) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "no such file",
                            "ONNX Runtime's library, which this model needs",
                            "name a binary from a whole archive with --binary")
                    .about(library);
        }
        return BundleWriter.write(binary, read.file(), needed ? Optional.of(library) : Optional.empty(), target);
    }

    private static boolean runs(ModelFile model, Engine engine) {
        try {
            model.open(Model.Options.defaults().withEngines(List.of(engine))).close();
            return true;
        } catch (GlintException refused) {
            return false;
        }
    }
}
