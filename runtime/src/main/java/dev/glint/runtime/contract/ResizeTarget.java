package dev.glint.runtime.contract;

import dev.glint.runtime.decode.format.TargetSize;
import dev.glint.runtime.image.OrientationRule;
import dev.glint.runtime.image.Size;

/** What a step makes of a picture that is turned upright before it. */
record ResizeTarget(GeometricStep step, OrientationRule orientationRule) implements TargetSize {
    @Override
    public Size targetSize(int width, int height, int orientation) {
        Size stored = new Size(width, height);
        boolean transposed = orientationRule.transposes(orientation);
        Size upright = transposed ? stored.transposed() : stored;
        Size wanted = step.resizedSize(upright).orElse(upright);
        return transposed ? wanted.transposed() : wanted;
    }
}
