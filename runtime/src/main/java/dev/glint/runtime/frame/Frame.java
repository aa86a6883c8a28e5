package dev.glint.runtime.frame;

import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.image.Image;

/** One picture of a stream, not decoded yet: who skips it has no work with it. */
@FunctionalInterface
public interface Frame {
    /**
     * Decodes it.
     *
     * @throws dev.glint.runtime.failure.GlintException ({@code INPUT}, {@code LIMIT}) if that cannot be done
     */
    Image decode(DecodeOptions options);
}
