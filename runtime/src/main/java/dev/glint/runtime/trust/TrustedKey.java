package dev.glint.runtime.trust;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.Sha256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A public key whose signatures are believed: ECDSA on one of the curves of {@link KeyCurve}. Immutable, for use by several threads. */
public final class TrustedKey {
    private static final String EXPECTED = "a public key of ECDSA on P-256, P-384 or P-521, in PEM (BEGIN PUBLIC KEY)";
    private static final String LABEL = "PUBLIC KEY";

    private final KeyCurve curve;
    private final byte[] der;
    private final ECPublicKey key;

    private TrustedKey(KeyCurve curve, byte[] der, ECPublicKey key) {
        this.curve = curve;
        this.der = der;
        this.key = key;
    }

    /**
     * Reads a key file.
     *
     * @throws GlintException ({@code INPUT}) naming the file if it cannot be read or is no such key
     */
    public static TrustedKey read(Path file) {
        try {
            return parse(PemFile.read(file, EXPECTED));
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    /**
     * Reads a key in PEM (RFC 7468, {@code BEGIN PUBLIC KEY}).
     *
     * @throws GlintException ({@code INPUT}) if it is none
     */
    public static TrustedKey parse(String pem) {
        String label = PemFile.label(pem).orElse("");
        if (!label.isEmpty() && !label.equals(LABEL)) {
            throw PemFile.invalid("a PEM file of a " + label, EXPECTED);
        }
        return decode(PemFile.decode(pem, EXPECTED));
    }

    /**
     * Reads a key in DER, as {@link KeyCurve#encode} writes it.
     *
     * @throws GlintException ({@code INPUT}) if it is none
     */
    public static TrustedKey decode(byte[] der) {
        KeyCurve curve =
                KeyCurve.find(der).orElseThrow(() -> PemFile.invalid("a key of another kind, or compressed", EXPECTED));
        try {
            ECPublicKey key = (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
            return new TrustedKey(curve, der.clone(), key);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (GeneralSecurityException e) {
            throw PemFile.invalid("a key that is none (" + e.getMessage() + ")", EXPECTED)
                    .causedBy(e);
        }
    }

    /** The curve that it is of. */
    public KeyCurve curve() {
        return curve;
    }

    /** Its PEM form. */
    public String pem() {
        return PemFile.encode(LABEL, der);
    }

    /** What a bundle names it by: the SHA-256 of its PEM form, in hexadecimal digits. */
    public String hint() {
        return Sha256.ofBytes(pem().getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether the holder of the private key signed these bytes. */
    boolean verifies(byte[] signed, byte[] signature) {
        if (!isInRange(signature)) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(curve.algorithm());
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (GeneralSecurityException e) {
            // What is no signature at all.
            return false;
        }
    }

    /**
     * Whether both numbers of a DER signature lie between 0 and the order of the curve, which the first releases of JDK 17 forgot to ask
     * (CVE-2022-21449): zeros were a signature of everything.
     */
    private boolean isInRange(byte[] signature) {
        int longHead = signature.length > 1 && signature[1] == (byte) 0x81 ? 1 : 0;
        int first = 2 + longHead;
        int second = end(signature, first);
        return second > 0
                && end(signature, second) == signature.length
                && isInRange(signature, first, second)
                && isInRange(signature, second, signature.length);
    }

    /** Where the DER integer that begins at an index ends; -1 if it does not lie in the bytes. */
    private static int end(byte[] bytes, int begin) {
        if (begin < 0 || begin + 2 >= bytes.length || bytes[begin] != 2 || bytes[begin + 1] <= 0) {
            return -1;
        }
        int end = begin + 2 + bytes[begin + 1];
        return end <= bytes.length ? end : -1;
    }

    private boolean isInRange(byte[] bytes, int begin, int end) {
        BigInteger number = new BigInteger(Arrays.copyOfRange(bytes, begin + 2, end));
        return number.signum() > 0 && number.compareTo(key.getParams().getOrder()) < 0;
    }

    /**
     * Passes if these bytes were signed with the private key.
     *
     * @throws GlintException ({@code MODEL}) if not
     */
    void requireSigned(SignatureBundle bundle) {
        String hint = hint();
        if (bundle.hint().isPresent() && !bundle.hint().get().equals(hint)) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "a signature with another key (" + bundle.hint().get() + ")",
                    "one with the key " + hint,
                    "trust the other key, or sign the model with this one");
        }
        if (!verifies(bundle.signedBytes(), bundle.signature())) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "a signature that this key does not confirm",
                    "one with the key " + hint,
                    "take the model and its signature from who made them once more");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TrustedKey that && Arrays.equals(der, that.der);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(der);
    }

    @Override
    public String toString() {
        return curve + " " + hint();
    }
}
