package dev.glint.runtime.image;

/** How a resize weighs the source pixels; the names and the support radii are Pillow's. */
public enum Interpolation {
    /** The nearest source pixel. */
    NEAREST,
    /** The mean of the source pixels below the target pixel. */
    BOX,
    /** Linear, widened with the reduction (antialias). */
    BILINEAR,
    /** Cubic with a = -0.5, widened with the reduction. */
    BICUBIC,
    /** Lanczos of radius 3, widened with the reduction. */
    LANCZOS
}
