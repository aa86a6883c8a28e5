package dev.glint.classify;

import dev.glint.classify.ort.ModelCache;
import dev.glint.classify.ort.OrtEngine;
import dev.glint.classify.ort.OrtSettings;
import dev.glint.console.Streams;
import dev.glint.console.Text;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.Provider;
import dev.glint.runtime.engine.ort.OnnxRuntimeEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Which ONNX Runtime runs a model, and what with. */
@Command
final class OrtOptions {
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

    private @Nullable Engine engine;

    /**
     * ONNX Runtime, always the same: in the native binary through its C interface, on the JVM through its Java classes.
     *
     * @param streams where notes go
     */
    synchronized Engine engine(Streams streams) {
        Engine made = engine == null ? makeEngine(streams) : engine;
        engine = made;
        return made;
    }

    private Engine makeEngine(Streams streams) {
        Consumer<String> note = new Note(streams);
        if (NativeBinary.RUNNING) {
            Path folder = library == null ? Installation.libraries() : library;
            return new OrtEngine(new OrtSettings(
                    folder,
                    library == null,
                    provider,
                    noCache ? Optional.empty() : ModelCache.folder(streams.environment()),
                    note));
        }
        if (library != null) {
            Installation.useLibraries(library);
        }
        return new OnnxRuntimeEngine(provider, note);
    }

    /** The options as words, for another process of this program. */
    List<String> words() {
        List<String> words = new ArrayList<>(List.of("--provider", provider.toString()));
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
