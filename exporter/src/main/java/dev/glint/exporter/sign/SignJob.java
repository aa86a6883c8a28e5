package dev.glint.exporter.sign;

import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.model.ModelFile;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.runtime.trust.ModelStatement;
import dev.glint.runtime.trust.SignatureBundle;
import dev.glint.runtime.trust.SignedFiles;
import dev.glint.runtime.trust.SignedModel;
import dev.glint.runtime.trust.SignedPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** {@code exporter sign}: the files of a model folder, or one model file, with a key. */
public final class SignJob {

    private SignJob() {}

    /**
     * What was signed.
     *
     * @param signature the file with the signature
     * @param statement what is signed
     */
    public record Signed(Path signature, ModelStatement statement) {}

    /**
     * Signs a model; an earlier signature is replaced, or stays if the model cannot be read with the new one.
     *
     * @param model a model folder, all of it, or an ONNX file
     * @param ignored paths in the folder that are not signed, with all that lies in them
     * @throws GlintException ({@code MODEL}) naming the file if it is no model, or if something in the folder is neither a file nor a
     *     folder, or if the model itself is ignored; ({@code INPUT}) if the signature cannot be written, or is of a file in a folder with
     *     a signature
     */
    public static Signed run(Path model, SigningKey key, List<String> ignored) {
        requireModel(ModelFile.read(model));
        SignedFiles files = SignedFiles.beside(model);
        requireNoOther(model, files);
        TreeSet<String> left = new TreeSet<>(SignedPath.ORDER);
        if (files.folder()) {
            left.addAll(SignedPath.USUALLY_IGNORED);
            left.add(SignedFiles.IN_FOLDER);
            left.addAll(ignored);
        }
        try {
            Map<String, String> digests = new LinkedHashMap<>();
            for (Map.Entry<String, Path> file : files.list(left::contains).entrySet()) {
                digests.put(file.getKey(), SignedFiles.digest(file.getValue()));
            }
            ModelStatement statement = new ModelStatement(files.name(), digests, List.copyOf(left));
            byte[] signature = sign(statement, key).toJson().getBytes(StandardCharsets.UTF_8);
            requireShort(signature.length, files);
            // An earlier signature stays where the new one would not do.
            SignedModel.requireReadable(ModelFolder.select(model), files, signature, key.publicKey());
            AtomicFile.write(files.signature(), signature);
            // By the way in which a device looks at it: what changed meanwhile is found here and not there.
            ModelFile.read(model, key.publicKey());
            return new Signed(files.signature(), statement);
        } catch (IOException e) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "no way to sign it (" + FileFailure.why(e) + ")",
                            "files that can be read in a folder that can be written",
                            "see to the permissions")
                    .causedBy(e)
                    .about(model);
        }
    }

    private static void requireModel(ModelFile model) {
        if (model.onnx().file().isEmpty()) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "a program with its model inside",
                            "a model folder or an ONNX file",
                            "sign the program as programs are signed where it runs")
                    .about(model.file());
        }
    }

    /** A signature beside the file would be a file that was added to the signed folder. */
    private static void requireNoOther(Path model, SignedFiles own) {
        Path signature = SignedFiles.candidates(model).get(0).signature();
        if (!own.folder() && Files.exists(signature, LinkOption.NOFOLLOW_LINKS)) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "a file in a folder with a signature, " + signature,
                            "a file that no other signature covers",
                            "sign the folder, or remove its signature")
                    .about(model);
        }
    }

    private static void requireShort(int bytes, SignedFiles files) {
        if (bytes > SignatureBundle.MAX_BYTES) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "names of files that make a signature of " + bytes + " bytes",
                            "at most " + SignatureBundle.MAX_BYTES,
                            "sign a folder with fewer files")
                    .about(files.root());
        }
    }

    private static SignatureBundle sign(ModelStatement statement, SigningKey key) {
        SignatureBundle unsigned = new SignatureBundle(
                ModelStatement.PAYLOAD_TYPE,
                statement.toJson(),
                new byte[0],
                Optional.of(key.publicKey().hint()));
        return new SignatureBundle(
                unsigned.payloadType(), unsigned.payload(), key.sign(unsigned.signedBytes()), unsigned.hint());
    }
}
