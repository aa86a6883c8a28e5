package dev.glint.exporter.sign;

import dev.glint.runtime.trust.KeyCurve;
import java.math.BigInteger;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * A point on an elliptic curve over a prime field (SEC 1, section 2.2.1), for the one thing that the JDK cannot do with a private key: name
 * the public one. How long that takes tells of the key, so it is for the machine of its owner.
 */
record CurvePoint(BigInteger x, BigInteger y) {

    /** The generator of a curve times a number between 0 and its order. */
    static CurvePoint multiple(ECParameterSpec parameters, BigInteger times) {
        BigInteger prime = ((ECFieldFp) parameters.getCurve().getField()).getP();
        BigInteger a = parameters.getCurve().getA();
        CurvePoint generator = new CurvePoint(
                parameters.getGenerator().getAffineX(),
                parameters.getGenerator().getAffineY());
        CurvePoint sum = null;
        for (int bit = times.bitLength() - 1; bit >= 0; bit--) {
            sum = sum == null ? null : sum.plus(sum, a, prime);
            if (times.testBit(bit)) {
                sum = sum == null ? generator : sum.plus(generator, a, prime);
            }
        }
        if (sum == null) {
            throw new IllegalArgumentException(times + " times the generator");
        }
        return sum;
    }

    /** The sum; null is the point at infinity. */
    private @Nullable CurvePoint plus(CurvePoint other, BigInteger a, BigInteger prime) {
        BigInteger slope;
        if (!x.equals(other.x)) {
            slope = other.y.subtract(y).multiply(other.x.subtract(x).modInverse(prime));
        } else if (y.equals(other.y) && y.signum() != 0) {
            BigInteger three = BigInteger.valueOf(3);
            slope = three.multiply(x).multiply(x).add(a).multiply(y.shiftLeft(1).modInverse(prime));
        } else {
            return null;
        }
        BigInteger sumX = slope.multiply(slope).subtract(x).subtract(other.x).mod(prime);
        return new CurvePoint(sumX, slope.multiply(x.subtract(sumX)).subtract(y).mod(prime));
    }

    /** The public key that it is, in DER. */
    byte[] encode(KeyCurve curve) {
        return curve.encode(padded(x, curve.coordinateBytes()), padded(y, curve.coordinateBytes()));
    }

    private static byte[] padded(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[length];
        int count = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - count, padded, length - count, count);
        return padded;
    }
}
