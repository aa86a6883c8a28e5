package dev.glint.runtime.decode.format;

import dev.glint.runtime.image.SixteenBitRule;
import org.jspecify.annotations.Nullable;

/**
 * How pictures are decoded.
 *
 * @param sixteenBit how 16-bit samples become 8-bit ones
 * @param lenient whether a damaged picture is decoded as far as it goes, as libjpeg does, instead of refused
 * @param limits what a picture may ask for
 * @param target what size is wanted of a picture whose format can be decoded smaller, which is JPEG; null for all pixels
 */
public record DecodeOptions(
        SixteenBitRule sixteenBit,
        boolean lenient,
        DecodeLimits limits,
        @Nullable TargetSize target) {

    /** All pixels. */
    public DecodeOptions(SixteenBitRule sixteenBit, boolean lenient, DecodeLimits limits) {
        this(sixteenBit, lenient, limits, null);
    }

    /** As Pillow reduces 16-bit samples, strict, default limits, all pixels. */
    public static DecodeOptions defaults() {
        return new DecodeOptions(SixteenBitRule.AS_PILLOW, false, DecodeLimits.defaults());
    }
}
