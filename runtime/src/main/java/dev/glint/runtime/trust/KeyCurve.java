package dev.glint.runtime.trust;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The elliptic curves of keys that sign models, each with the hash that goes with it (OMS algorithm registry). */
public enum KeyCurve {
    /** NIST P-256. */
    P256("secp256r1", "SHA256withECDSA", 32, "3059301306072a8648ce3d020106082a8648ce3d03010703420004"),
    /** NIST P-384. */
    P384("secp384r1", "SHA384withECDSA", 48, "3076301006072a8648ce3d020106052b8104002203620004"),
    /** NIST P-521. */
    P521("secp521r1", "SHA512withECDSA", 66, "30819b301006072a8648ce3d020106052b810400230381860004");

    private final String standardName;
    private final String algorithm;
    private final int coordinateBytes;
    private final byte[] head;

    KeyCurve(String standardName, String algorithm, int coordinateBytes, String head) {
        this.standardName = standardName;
        this.algorithm = algorithm;
        this.coordinateBytes = coordinateBytes;
        this.head = HexFormat.of().parseHex(head);
    }

    /** Its name in the JDK and in SEC 2, as in {@code secp256r1}. */
    public String standardName() {
        return standardName;
    }

    /** The JDK's name of ECDSA with the hash that goes with the curve. */
    public String algorithm() {
        return algorithm;
    }

    /** The bytes of a coordinate. */
    public int coordinateBytes() {
        return coordinateBytes;
    }

    /**
     * The DER form of a public key (RFC 5480, {@code SubjectPublicKeyInfo}): the curve by its name, the point uncompressed.
     *
     * @param x the point's first coordinate, {@link #coordinateBytes()} bytes, highest first
     * @param y its second
     */
    public byte[] encode(byte[] x, byte[] y) {
        return ByteBuffer.allocate(head.length + 2 * coordinateBytes)
                .put(head)
                .put(x, 0, coordinateBytes)
                .put(y, 0, coordinateBytes)
                .array();
    }

    /** The curve of a public key in DER; empty if it is a key of another kind or written in another way. */
    static Optional<KeyCurve> find(byte[] der) {
        return Arrays.stream(values()).filter(curve -> curve.begins(der)).findFirst();
    }

    private boolean begins(byte[] der) {
        return der.length == head.length + 2 * coordinateBytes
                && Arrays.equals(der, 0, head.length, head, 0, head.length);
    }
}
