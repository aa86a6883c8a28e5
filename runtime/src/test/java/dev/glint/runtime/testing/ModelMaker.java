package dev.glint.runtime.testing;

import dev.glint.runtime.trust.KeyCurve;
import dev.glint.runtime.trust.ModelStatement;
import dev.glint.runtime.trust.PemFile;
import dev.glint.runtime.trust.SignatureBundle;
import dev.glint.runtime.trust.SignedFiles;
import dev.glint.runtime.trust.TrustedKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Someone with a pair of keys who signs models. */
public final class ModelMaker {
    private final KeyPair keys;
    private final KeyCurve curve;

    /** With new keys. */
    public ModelMaker(KeyCurve curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve.standardName()));
            this.keys = generator.generateKeyPair();
            this.curve = curve;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public key. */
    public TrustedKey key() {
        return TrustedKey.decode(keys.getPublic().getEncoded());
    }

    /** The private key as PKCS#8 in PEM. */
    public String privatePem() {
        return PemFile.encode("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    /** Writes the public key; returns the file. */
    public Path writeKey(Path file) throws IOException {
        return Files.writeString(file, key().pem());
    }

    /** Signs a folder or a file as it is now. */
    public void sign(Path model) throws IOException {
        SignedFiles files = SignedFiles.beside(model);
        Map<String, String> digests = new LinkedHashMap<>();
        for (Map.Entry<String, Path> file :
                files.list(path -> path.equals(SignedFiles.IN_FOLDER)).entrySet()) {
            digests.put(file.getKey(), SignedFiles.digest(file.getValue()));
        }
        byte[] statement = new ModelStatement("a model", digests, List.of(SignedFiles.IN_FOLDER)).toJson();
        Files.writeString(
                files.signature(),
                bundle(ModelStatement.PAYLOAD_TYPE, statement).toJson());
    }

    /** Signs anything. */
    public SignatureBundle bundle(String payloadType, byte[] payload) {
        Optional<String> hint = Optional.of(key().hint());
        byte[] bytes = new SignatureBundle(payloadType, payload, new byte[0], hint).signedBytes();
        try {
            Signature signer = Signature.getInstance(curve.algorithm());
            signer.initSign(keys.getPrivate());
            signer.update(bytes);
            return new SignatureBundle(payloadType, payload, signer.sign(), hint);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
