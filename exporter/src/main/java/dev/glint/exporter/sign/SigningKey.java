package dev.glint.exporter.sign;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.trust.KeyCurve;
import dev.glint.runtime.trust.PemFile;
import dev.glint.runtime.trust.TrustedKey;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;

/** A private key of ECDSA, and the public one that goes with it. */
public final class SigningKey {
    private static final String EXPECTED =
            "a private key of ECDSA on P-256, P-384 or P-521, in PKCS#8 (BEGIN PRIVATE KEY)";
    private static final String LABEL = "PRIVATE KEY";

    private final ECPrivateKey key;
    private final KeyCurve curve;
    private final TrustedKey publicKey;

    private SigningKey(ECPrivateKey key, KeyCurve curve) {
        this.key = key;
        this.curve = curve;
        this.publicKey = TrustedKey.decode(
                CurvePoint.multiple(key.getParams(), key.getS()).encode(curve));
    }

    /**
     * Reads a key file in PEM.
     *
     * @throws GlintException ({@code INPUT}) naming the file if it cannot be read or is no such key
     */
    public static SigningKey read(Path file) {
        try {
            String pem = PemFile.read(file, EXPECTED);
            String label = PemFile.label(pem).orElse("");
            if (!label.isEmpty() && !label.equals(LABEL)) {
                throw PemFile.invalid("a PEM file of " + label + convertible(label), EXPECTED);
            }
            return decode(PemFile.decode(pem, EXPECTED));
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static String convertible(String label) {
        return label.startsWith("EC ") || label.startsWith("ENCRYPTED ")
                ? ", which openssl pkcs8 -topk8 -nocrypt -in KEY -out PLAIN.key turns into one"
                : "";
    }

    private static SigningKey decode(byte[] der) {
        try {
            ECPrivateKey key =
                    (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            KeyCurve curve =
                    curve(key.getParams()).orElseThrow(() -> PemFile.invalid("a key on another curve", EXPECTED));
            if (key.getS().signum() <= 0 || key.getS().compareTo(key.getParams().getOrder()) >= 0) {
                throw PemFile.invalid("a number that is no key", EXPECTED);
            }
            return new SigningKey(key, curve);
        } catch (GeneralSecurityException e) {
            throw PemFile.invalid("a key of another kind, or none", EXPECTED).causedBy(e);
        }
    }

    private static Optional<KeyCurve> curve(ECParameterSpec parameters) {
        return Arrays.stream(KeyCurve.values())
                .filter(curve -> isOf(curve, parameters))
                .findFirst();
    }

    private static boolean isOf(KeyCurve curve, ECParameterSpec parameters) {
        try {
            AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
            named.init(new ECGenParameterSpec(curve.standardName()));
            ECParameterSpec expected = named.getParameterSpec(ECParameterSpec.class);
            return expected.getCurve().equals(parameters.getCurve())
                    && expected.getGenerator().equals(parameters.getGenerator())
                    && expected.getOrder().equals(parameters.getOrder());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Who has this one can see that the other one signed. */
    public TrustedKey publicKey() {
        return publicKey;
    }

    /** The signature of these bytes, in DER. */
    byte[] sign(byte[] bytes) {
        try {
            Signature signer = Signature.getInstance(curve.algorithm());
            signer.initSign(key);
            signer.update(bytes);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
