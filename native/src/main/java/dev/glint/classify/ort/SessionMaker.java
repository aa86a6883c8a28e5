package dev.glint.classify.ort;

import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Provider;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.onnx.OnnxFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.graalvm.nativeimage.UnmanagedMemory;
import org.graalvm.nativeimage.c.type.CTypeConversion;
import org.graalvm.word.PointerBase;
import org.graalvm.word.WordFactory;
import org.jspecify.annotations.Nullable;

/** Makes the session of a model: from its file, or from what ONNX Runtime made of that file before. */
final class SessionMaker {
    private final OrtEnvironment environment;
    private final Path file;
    private final OnnxFile onnx;
    private final Signature signature;
    private final EngineOptions options;
    private final Provider provider;

    SessionMaker(
            OrtEnvironment environment,
            Path file,
            OnnxFile onnx,
            Signature signature,
            EngineOptions options,
            Provider provider) {
        this.environment = environment;
        this.file = file;
        this.onnx = onnx;
        this.signature = signature;
        this.options = options;
        this.provider = provider;
    }

    /**
     * A session.
     *
     * @param cache where optimised models are kept, if they are
     * @throws GlintException ({@code MODEL}) if ONNX Runtime refuses the model or the provider
     */
    OrtSession make(Optional<Path> cache) {
        try {
            if (onnx.file().isEmpty()) {
                return make(new InMemory(onnx.bytes()));
            }
            return cache.isPresent() && provider == Provider.CPU && isLarge()
                    ? makeOrOptimize(ModelCache.open(cache.get(), environment.version()))
                    : make(new Source() {});
        } catch (OrtFailure e) {
            throw OrtEngine.refused(e).about(file);
        }
    }

    private boolean isLarge() {
        try {
            return Files.size(file) >= OptimizedModels.SMALLEST_MODEL;
        } catch (IOException e) {
            return false;
        }
    }

    private OrtSession makeOrOptimize(OptimizedModels kept) throws OrtFailure {
        Optional<Path> optimized = kept.find(file);
        if (optimized.isPresent()) {
            try {
                return make(new Optimized(Mapping.open(optimized.get())));
            } catch (IOException | OrtFailure broken) {
                kept.remove(file, optimized.get());
            }
        }
        Optimizing optimizing = new Optimizing();
        try {
            if (kept.add(file, optimizing)) {
                return optimizing.session();
            }
        } catch (OrtFailure e) {
            // Perhaps of the model, perhaps of the disk; the next line tells.
        }
        return make(new Source() {});
    }

    /** Where the model comes from: its file, unless a source says otherwise. */
    private interface Source {
        default void settle(OrtApi api, PointerBase settings) throws OrtFailure {}

        default PointerBase open(OrtApi api, PointerBase environment, Path file, PointerBase settings)
                throws OrtFailure {
            return api.createSession(environment, file.toString(), settings);
        }

        default Mapping mapping() {
            return Mapping.nothing();
        }
    }

    /** In no file; ONNX Runtime copies what it needs of the bytes. */
    private record InMemory(ByteBuffer model) implements Source {
        @Override
        public PointerBase open(OrtApi api, PointerBase environment, Path file, PointerBase settings)
                throws OrtFailure {
            int size = model.remaining();
            PointerBase copy = UnmanagedMemory.malloc(WordFactory.unsigned(size));
            try {
                CTypeConversion.asByteBuffer(copy, size).put(model.duplicate());
                return api.createSession(environment, copy, size, settings);
            } finally {
                UnmanagedMemory.free(copy);
            }
        }
    }

    /** In ONNX Runtime's own format, which is used where it lies. */
    private record Optimized(Mapping mapping) implements Source {
        @Override
        public void settle(OrtApi api, PointerBase settings) throws OrtFailure {
            api.addEntry(settings, "session.load_model_format", "ORT");
            api.addEntry(settings, "session.use_ort_model_bytes_directly", "1");
            api.addEntry(settings, "session.use_ort_model_bytes_for_initializers", "1");
        }

        @Override
        public PointerBase open(OrtApi api, PointerBase environment, Path file, PointerBase settings)
                throws OrtFailure {
            try {
                return api.createSession(environment, mapping.start(), mapping.bytes(), settings);
            } catch (OrtFailure e) {
                mapping.close();
                throw e;
            }
        }
    }

    /** Makes the session from the model's file, and ONNX Runtime writes what it made of it. */
    private final class Optimizing implements OptimizedModels.Optimizer {
        private @Nullable OrtSession made;

        @Override
        public void writeTo(Path target) throws OrtFailure {
            made = make(new Source() {
                @Override
                public void settle(OrtApi api, PointerBase settings) throws OrtFailure {
                    api.addEntry(settings, "session.save_model_format", "ORT");
                    api.setText(OrtFunctions.SET_OPTIMIZED_MODEL_FILE_PATH, settings, target.toString());
                }
            });
        }

        OrtSession session() {
            return Objects.requireNonNull(made);
        }
    }

    private OrtSession make(Source source) throws OrtFailure {
        OrtApi api = environment.api();
        PointerBase settings = api.create(OrtFunctions.CREATE_SESSION_OPTIONS);
        try {
            api.setNumber(OrtFunctions.SET_INTRA_OP_NUM_THREADS, settings, options.threads());
            api.setNumber(OrtFunctions.SET_INTER_OP_NUM_THREADS, settings, 1);
            if (options.quiet()) {
                api.setNumber(OrtFunctions.SET_SESSION_LOG_SEVERITY_LEVEL, settings, OrtEnvironment.FATAL);
            }
            append(api, settings);
            source.settle(api, settings);
            PointerBase session = source.open(api, environment.pointer(), file, settings);
            environment.skipTeardown();
            return new OrtSession(api, session, source.mapping(), file, signature);
        } finally {
            api.release(OrtFunctions.RELEASE_SESSION_OPTIONS, settings);
        }
    }

    private void append(OrtApi api, PointerBase settings) {
        try {
            switch (provider) {
                case CUDA ->
                    api.appendProvider(
                            OrtFunctions.CREATE_CUDA_OPTIONS,
                            OrtFunctions.APPEND_CUDA,
                            OrtFunctions.RELEASE_CUDA_OPTIONS,
                            settings);
                case TENSORRT ->
                    api.appendProvider(
                            OrtFunctions.CREATE_TENSORRT_OPTIONS,
                            OrtFunctions.APPEND_TENSORRT,
                            OrtFunctions.RELEASE_TENSORRT_OPTIONS,
                            settings);
                case XNNPACK -> api.appendProvider(settings, "XNNPACK");
                case CPU, AUTO -> {}
            }
        } catch (OrtFailure e) {
            throw provider.unusable(environment.objection(provider).orElse(String.valueOf(e.getMessage())))
                    .causedBy(e);
        }
    }
}
