package dev.glint.runtime.image;

/** How 16-bit samples become 8-bit ones. */
public enum SixteenBitRule {
    /**
     * What Pillow's {@code convert("RGB")} does: colour and gray with alpha keep the high byte, gray is clipped at
     * 255. (In PNM files, whose samples have any maximum, colour is scaled to 0 to 255.)
     */
    AS_PILLOW,
    /** The high byte, colour or gray. */
    HIGH_BYTE
}
