package dev.glint.runtime.contract;

/** How much of a picture is decoded. */
public enum DecodeRule {
    /** All pixels. */
    FULL,
    /**
     * Of a JPEG, no more than the first geometric step needs: the smallest of the whole, half, quarter and eighth of its columns
     * and rows that is not smaller in either direction than what the step resizes to, as Pillow's {@code Image.draft} chooses it.
     * Other formats, and pictures whose first step does not resize, are decoded whole.
     */
    SCALED
}
