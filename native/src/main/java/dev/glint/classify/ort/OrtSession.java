package dev.glint.classify.ort;

import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import java.nio.file.Path;
import org.graalvm.word.PointerBase;

/** A session of ONNX Runtime. */
final class OrtSession implements Session {
    private final OrtApi api;
    private final PointerBase session;
    private final Mapping mapping;
    private final Path file;
    private final Signature signature;

    /** @param mapping the memory that the session's model lies in, to be freed with it */
    OrtSession(OrtApi api, PointerBase session, Mapping mapping, Path file, Signature signature) {
        this.mapping = mapping;
        this.api = api;
        this.session = session;
        this.file = file;
        this.signature = signature;
    }

    @Override
    public Binding bind(int batch) {
        try {
            return new OrtBinding(api, session, file, signature, batch);
        } catch (OrtFailure e) {
            throw OrtEngine.refused(e).about(file);
        }
    }

    @Override
    public void close() {
        api.release(OrtFunctions.RELEASE_SESSION, session);
        mapping.close();
    }
}
