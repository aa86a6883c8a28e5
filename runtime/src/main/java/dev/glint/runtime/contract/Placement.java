package dev.glint.runtime.contract;

/** Where in its frame a picture lies. */
public enum Placement {
    /** As much free on each side. */
    CENTER(0.5),
    /** Free to the right and below. */
    TOP_LEFT(0);

    private final double centering;

    Placement(double centering) {
        this.centering = centering;
    }

    /** The share of the free columns and rows that is left and above. */
    double centering() {
        return centering;
    }
}
