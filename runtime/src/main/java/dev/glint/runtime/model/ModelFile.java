package dev.glint.runtime.model;

import dev.glint.runtime.bundle.Bundle;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.onnx.OnnxLimits;
import dev.glint.runtime.trust.SignedModel;
import dev.glint.runtime.trust.TrustedKey;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model file that was read and held against the contract it carries, before an engine sees it. Pictures can be decoded for it
 * while an engine opens it, which takes longer.
 */
public final class ModelFile {
    /** What {@link #file()} is of a model that lies in memory alone. */
    public static final Path IN_MEMORY = Path.of("the model in memory");

    private final Path file;
    private final OnnxFile onnx;
    private final PreprocessContract contract;
    private final Signature signature;
    private final @Nullable TrustedKey trust;

    private ModelFile(
            Path file, OnnxFile onnx, PreprocessContract contract, Signature signature, @Nullable TrustedKey trust) {
        this.file = file;
        this.trust = trust;
        this.onnx = onnx;
        this.contract = contract;
        this.signature = signature;
    }

    /**
     * Reads a model.
     *
     * @param model an ONNX file written by the exporter, a model folder (see {@link ModelFolder#select}), or a program with a
     *     model behind it (see {@link Bundle})
     * @throws GlintException ({@code MODEL}) naming the file if it is missing, no ONNX model, beyond
     *     {@link OnnxLimits#defaults()}, or does not fit its contract
     */
    public static ModelFile read(Path model) {
        return read(model, null);
    }

    /**
     * Reads a model that must be signed: into memory of its own, for a file could change after it was looked at.
     *
     * @param trust whose signature it must have (see {@link SignedModel}); null for the same as without
     * @throws GlintException as without, and ({@code MODEL}) naming the file that is not signed or not as it was signed
     */
    public static ModelFile read(Path model, @Nullable TrustedKey trust) {
        Path file = ModelFolder.select(model);
        return check(file, trust == null ? content(file) : content(file, trust), trust);
    }

    private static OnnxFile content(Path file, TrustedKey trust) {
        try {
            return OnnxFile.parse(SignedModel.read(file, trust), OnnxLimits.defaults());
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    /**
     * Reads an ONNX file, or the one behind a program.
     *
     * @throws GlintException ({@code MODEL}) naming the file if it is missing, no ONNX file, beyond {@link
     *     OnnxLimits#defaults()}, or not the one that was put behind the program
     */
    public static OnnxFile content(Path file) {
        try {
            return OnnxFile.read(file, OnnxLimits.defaults());
        } catch (GlintException e) {
            if (!Files.isRegularFile(file)) {
                throw e;
            }
            // A program is no ONNX file; nobody else waits for a look at the end of the file.
            return behind(Bundle.find(file).orElseThrow(() -> e));
        }
    }

    private static OnnxFile behind(Bundle bundle) {
        try {
            return OnnxFile.parse(bundle.verified(bundle.model()), OnnxLimits.defaults());
        } catch (GlintException e) {
            throw e.about(bundle.file());
        }
    }

    /**
     * Reads a model in memory.
     *
     * @param model the bytes of an ONNX file written by the exporter; copied
     * @throws GlintException ({@code MODEL}) as the other, with {@link #IN_MEMORY} for a name
     */
    public static ModelFile read(byte[] model) {
        // Outside the heap, where an engine reads it without another copy.
        ByteBuffer bytes = ByteBuffer.allocateDirect(model.length).put(model).flip();
        try {
            return check(IN_MEMORY, OnnxFile.parse(bytes, OnnxLimits.defaults()), null);
        } catch (GlintException e) {
            throw e.about(IN_MEMORY);
        }
    }

    private static ModelFile check(Path file, OnnxFile onnx, @Nullable TrustedKey trust) {
        try {
            PreprocessContract contract =
                    PreprocessContract.fromMetadata(key -> onnx.metadata(key).orElse(null));
            return new ModelFile(file, onnx, contract, Signature.check(onnx.graph(), contract), trust);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    /** The file; where a folder was named, the one in it that was chosen; {@link #IN_MEMORY} if there is none. */
    public Path file() {
        return file;
    }

    /** The contract that it carries. */
    public PreprocessContract contract() {
        return contract;
    }

    /** What it says of itself; for a model that must be signed, what was signed. */
    public OnnxFile onnx() {
        return onnx;
    }

    /** What goes in and comes out. */
    public Signature signature() {
        return signature;
    }

    /**
     * Passes if it was read with this key.
     *
     * @throws IllegalArgumentException if not
     */
    void requireReadWith(@Nullable TrustedKey key) {
        if (key != null && !key.equals(trust)) {
            throw new IllegalArgumentException(file + " was not read with the key " + key);
        }
    }

    /**
     * Opens it.
     *
     * @throws GlintException ({@code MODEL}) naming the file if no engine runs it, ({@code INPUT}) if ONNX Runtime's
     *     libraries cannot be loaded
     */
    public Model open(Model.Options options) {
        return Model.open(this, options);
    }
}
