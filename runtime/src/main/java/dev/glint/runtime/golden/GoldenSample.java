package dev.glint.runtime.golden;

import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.file.Sha256;
import dev.glint.runtime.image.Image;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A picture and what a model must make of it.
 *
 * @param name what people call it, 1 to {@value #MAX_NAME} characters
 * @param picture the encoded bytes
 * @param tensorSha256 of the tensor, as {@link #tensorSha256(Image, PreprocessContract)} gives it
 * @param logits one per label, finite
 */
public record GoldenSample(String name, byte[] picture, String tensorSha256, float[] logits) {
    static final int MAX_NAME = 200;

    public GoldenSample {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("a name of " + name.length() + " characters");
        }
        if (picture.length == 0) {
            throw new IllegalArgumentException("no bytes of the picture " + name);
        }
        if (!Sha256.isOne(tensorSha256)) {
            throw new IllegalArgumentException("a hash that is no SHA-256 of " + name);
        }
        if (logits.length == 0) {
            throw new IllegalArgumentException("no logits of " + name);
        }
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new IllegalArgumentException("a logit of " + logit + " of " + name);
            }
        }
    }

    /** The picture, decoded as a contract says. */
    public Image decode(PreprocessContract contract) {
        return ImageDecoder.decode(picture, contract.decodeOptions());
    }

    /**
     * What tells the tensor of a picture from any other: the SHA-256 of its values in the layout and element type of the contract, little end
     * first. Preprocessing is the same arithmetic everywhere, so there is no tolerance.
     *
     * @return in hexadecimal
     */
    public static String tensorSha256(Image picture, PreprocessContract contract) {
        ElementType type = contract.elementType();
        ByteBuffer bytes =
                ByteBuffer.allocate(contract.tensorSize() * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        new Preprocessor(contract).preprocess(picture, type.view(bytes));
        return Sha256.ofBytes(bytes.array());
    }
}
