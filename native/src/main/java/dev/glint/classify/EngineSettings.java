package dev.glint.classify;

import dev.glint.classify.kernels.NativeKernels;
import dev.glint.classify.ort.ModelCache;
import dev.glint.classify.ort.OrtEngine;
import dev.glint.classify.ort.OrtSettings;
import dev.glint.console.Streams;
import dev.glint.console.Text;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.Provider;
import dev.glint.runtime.engine.glint.Kernels;
import dev.glint.runtime.engine.glint.PortableKernels;
import dev.glint.runtime.engine.ort.OnnxRuntimeEngine;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Engines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Which engine runs a model: Glint's own, or which ONNX Runtime, and what with. */
@Command
final class EngineSettings {
    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = {
                "What runs the model: ${COMPLETION-CANDIDATES} (default: auto).",
                "glint starts at once and knows small networks, ort is faster for many pictures;",
                "auto takes the one that is done first."
            })
    EngineChoice choice = EngineChoice.AUTO;

    @Option(
            names = "--provider",
            paramLabel = "NAME",
            description = {
                "What ONNX Runtime computes with: ${COMPLETION-CANDIDATES} (default: cpu).",
                "auto takes cuda where it works."
            })
    private Provider provider = Provider.CPU;

    @Option(
            names = "--ort-lib",
            paramLabel = "DIR",
            description = "A folder with an ONNX Runtime of your own (libonnxruntime.so).")
    private @Nullable Path library;

    @Option(
            names = "--no-cache",
            description = {
                "Neither use nor keep what ONNX Runtime made of a large model",
                "(in $XDG_CACHE_HOME/glint, else ~/.cache/glint)."
            })
    private boolean noCache;

    @Option(
            names = "--verify",
            description = "Hold ONNX Runtime's library inside a bundle against its hash before it is loaded.")
    private boolean verify;

    private @Nullable Engine engine;

    /**
     * What may run a model, the preferred one first.
     *
     * @param streams where notes go
     * @param pictures how many there will be; {@link Long#MAX_VALUE} if nobody knows
     * @param threads for one picture; the own engine has but one
     * @param ortFrom from how many pictures on ONNX Runtime was found to be done before the own engine, {@link Long#MAX_VALUE} if
     *     never; empty if nobody measured
     */
    List<Engine> engines(Streams streams, long pictures, int threads, OptionalLong ortFrom) {
        if (choice == EngineChoice.AUTO && !asksForOrt() && threads == 1 && ortFrom.isPresent()) {
            boolean ort = ortFrom.getAsLong() != Long.MAX_VALUE && pictures >= ortFrom.getAsLong();
            Engine own = Engines.own(kernels());
            return ort ? List.of(engine(streams), own) : List.of(own, engine(streams));
        }
        return switch (choice) {
            case ORT -> List.of(engine(streams));
            case GLINT -> List.of(Engines.own(kernels()));
            case AUTO ->
                asksForOrt()
                        ? List.of(engine(streams))
                        : Engines.forPictures(kernels(), engine(streams), threads > 1 ? Long.MAX_VALUE : pictures);
        };
    }

    /**
     * Every engine there is, once, for those who compare them.
     *
     * @param streams where notes go
     */
    List<Engine> allEngines(Streams streams) {
        return switch (choice) {
            case ORT -> List.of(engine(streams));
            case GLINT -> List.of(Engines.own(kernels()));
            case AUTO -> List.of(Engines.own(kernels()), engine(streams));
        };
    }

    /**
     * Every engine with everything that it may compute with, for those who prove them.
     *
     * @param streams where notes go
     */
    List<Engine> allProviders(Streams streams) {
        List<Engine> engines = new ArrayList<>(allEngines(streams));
        if (choice == EngineChoice.GLINT || provider != Provider.CPU) {
            return engines;
        }
        try {
            for (Provider other : engine(streams).providers()) {
                if (other != Provider.CPU) {
                    engines.add(new ProviderEngine(other, makeEngine(other, streams)));
                }
            }
        } catch (GlintException e) {
            // Its library cannot be loaded, as it says itself where it is asked for the model.
        }
        return engines;
    }

    /** What ONNX Runtime was asked to compute with. */
    Provider provider() {
        return provider;
    }

    /** Whoever says something of ONNX Runtime wants it. */
    private boolean asksForOrt() {
        return provider != Provider.CPU || library != null;
    }

    private static Kernels kernels() {
        return NativeBinary.RUNNING ? new NativeKernels() : new PortableKernels();
    }

    /**
     * ONNX Runtime, always the same: in the native binary through its C interface, on the JVM through its Java classes.
     *
     * @param streams where notes go
     */
    private synchronized Engine engine(Streams streams) {
        Engine made = engine == null ? makeEngine(provider, streams) : engine;
        engine = made;
        return made;
    }

    private Engine makeEngine(Provider with, Streams streams) {
        Consumer<String> note = new Note(streams);
        if (NativeBinary.RUNNING) {
            Path named = library;
            return new OrtEngine(new OrtSettings(
                    named == null ? Installation::libraries : () -> named,
                    verify,
                    named == null,
                    true,
                    with,
                    noCache ? Optional.empty() : ModelCache.folder(streams.environment()),
                    note));
        }
        if (library != null) {
            Installation.useLibraries(library);
        }
        return new OnnxRuntimeEngine(with, note);
    }

    /**
     * The options as words, for another process of this program.
     *
     * @param engineName the engine that is to run there
     */
    List<String> words(String engineName) {
        List<String> words = new ArrayList<>(List.of("--engine", engineName, "--provider", provider.toString()));
        if (library != null) {
            words.add("--ort-lib=" + library);
        }
        if (noCache) {
            words.add("--no-cache");
        }
        return words;
    }

    /** Tells the operator something once, however many models are opened. */
    private static final class Note implements Consumer<String> {
        private final Streams streams;
        private boolean told;

        Note(Streams streams) {
            this.streams = streams;
        }

        @Override
        public synchronized void accept(String note) {
            if (!told) {
                told = true;
                streams.err().println("note: --provider " + Text.printable(note));
            }
        }
    }
}
