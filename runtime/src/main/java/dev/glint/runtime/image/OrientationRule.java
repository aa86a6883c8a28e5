package dev.glint.runtime.image;

/** What becomes of the EXIF orientation tag. */
public enum OrientationRule {
    /** The picture is turned upright. */
    APPLY,
    /** The samples stay as stored. */
    IGNORE
}
