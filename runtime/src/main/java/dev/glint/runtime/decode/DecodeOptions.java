package dev.glint.runtime.decode;

import dev.glint.runtime.PreprocessContract;
import dev.glint.runtime.PreprocessContract.SixteenBitRule;

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

    /** As a contract says; strict, default limits. */
    public static DecodeOptions of(PreprocessContract contract) {
        return new DecodeOptions(contract.sixteenBit(), false, DecodeLimits.defaults());
    }
}
