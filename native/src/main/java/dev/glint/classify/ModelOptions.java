package dev.glint.classify;

import dev.glint.classify.choice.LocalChoice;
import dev.glint.console.FailureReport;
import dev.glint.console.Streams;
import dev.glint.runtime.bundle.Bundle;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFile;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.runtime.trust.TrustedKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model, and how it runs. */
final class ModelOptions {
    private static final String VARIABLE = "GLINT_MODEL";

    @Option(
            names = {"-m", "--model"},
            paramLabel = "FILE|DIR",
            description = {
                "An ONNX file written by exporter export, or a model folder.",
                "Default: $" + VARIABLE + ", else model/ beside the binary."
            })
    @Nullable Path model;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads for one picture (default: ${DEFAULT-VALUE}).")
    int threads = 1;

    @Mixin
    final TrustOption trust = new TrustOption();

    private OptionalLong ortFrom = OptionalLong.empty();

    /** What is wrong with the choice, as it was told. */
    private String told = "";

    /**
     * The model file.
     *
     * @throws GlintException ({@code USAGE}) if there is none by default, ({@code MODEL}) if it is a folder without one
     */
    Path file(Streams streams) {
        return select(model == null ? byDefault(streams.environment()) : model, streams);
    }

    /** What this machine's user has found best of a folder, else what the folder's maker has. */
    private synchronized Path select(Path model, Streams streams) {
        if (!Files.isDirectory(model)) {
            return model;
        }
        try {
            Optional<LocalChoice> choice = LocalChoice.find(model, streams.environment());
            told = "";
            if (choice.isPresent()) {
                ortFrom = OptionalLong.of(choice.get().ortFrom());
                return model.resolve(choice.get().file());
            }
        } catch (GlintException e) {
            tell("note: " + e.getMessage() + "; meanwhile the model's own default runs", streams);
        }
        return ModelFolder.select(model);
    }

    /** A server asks again and again, and tells of each thing once. */
    private void tell(String note, Streams streams) {
        if (!note.equals(told)) {
            told = note;
            streams.err().println(note);
        }
    }

    /**
     * The model file of a verb that takes the model without {@code --model} too.
     *
     * @throws GlintException as {@link #file(Streams)}, and ({@code USAGE}) if it is named twice
     */
    Path file(Optional<Path> named, Streams streams) {
        if (named.isPresent() && model != null) {
            throw GlintException.failure(
                    Reason.USAGE, "--model " + model + " and " + named.get(), "one model", "leave one out");
        }
        return named.isPresent() ? select(named.get(), streams) : file(streams);
    }

    /**
     * The model that is meant when nobody names one.
     *
     * @throws GlintException ({@code USAGE}) if there is none
     */
    static Path byDefault(Map<String, String> environment) {
        Optional<Bundle> bundle = Installation.bundle();
        if (bundle.isPresent()) {
            return bundle.get().file();
        }
        String named = environment.get(VARIABLE);
        if (named != null && !named.isEmpty()) {
            return Path.of(named);
        }
        return Installation.home()
                .map(home -> home.resolve("model"))
                .filter(Files::isDirectory)
                .orElseThrow(() -> GlintException.failure(
                        Reason.USAGE,
                        "no model",
                        "--model, or " + VARIABLE + " in the environment, or a folder model beside the binary",
                        "name one, as in classify --model FILE picture.png"));
    }

    /**
     * Opens a model that was read.
     *
     * @param pictures how many there will be; {@link Long#MAX_VALUE} if nobody knows
     * @throws GlintException naming it, as {@link Model#open}, or ({@code LIMIT}) if it needs more memory than there is
     */
    Model open(ModelFile file, EngineSettings settings, long pictures, Streams streams) {
        try {
            return file.open(options(threads, settings.engines(streams, pictures, threads, ortFrom))
                    .withTrust(trust.key(streams)));
        } catch (OutOfMemoryError e) {
            throw FailureReport.outOfMemory(e).about(file.file());
        }
    }

    /**
     * Reads the model, whose signature is held against it if one is asked for.
     *
     * @throws GlintException as {@link #file(Streams)} and {@link ModelFile#read(Path, TrustedKey)}
     */
    ModelFile read(Streams streams) {
        return read(file(streams), streams);
    }

    /** The same of the file that {@link #file(Streams)} gave. */
    ModelFile read(Path file, Streams streams) {
        return ModelFile.read(file, trust.key(streams));
    }

    /**
     * How it runs in every engine and with every provider there is.
     *
     * @throws GlintException ({@code USAGE}) if that makes no sense
     */
    Model.Options everyEngine(EngineSettings settings, Streams streams) {
        return options(threads, settings.allProviders(streams)).withTrust(trust.key(streams));
    }

    /**
     * How models run.
     *
     * @throws GlintException ({@code USAGE}) if the number of threads makes no sense
     */
    static Model.Options options(int threads, List<Engine> engines) {
        if (threads < 1 || threads > 256) {
            throw GlintException.failure(
                    Reason.USAGE, "--threads " + threads, "1 to 256", "leave it out for one thread");
        }
        return new Model.Options(threads, true, engines);
    }
}
