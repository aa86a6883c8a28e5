package dev.glint.runtime.decode.format;

import dev.glint.runtime.image.SixteenBitRule;

/**
 * How pictures are decoded.
 *
 * @param sixteenBit how 16-bit samples become 8-bit ones
 * @param lenient whether a damaged picture is decoded as far as it goes, as libjpeg does, instead of refused
 * @param limits what a picture may ask for
 */
public record DecodeOptions(SixteenBitRule sixteenBit, boolean lenient, DecodeLimits limits) {

    /** As Pillow reduces 16-bit samples, strict, default limits. */
    public static DecodeOptions defaults() {
        return new DecodeOptions(SixteenBitRule.AS_PILLOW, false, DecodeLimits.defaults());
    }
}
