package dev.glint.classify.batch;

import java.io.IOException;
import java.util.Optional;

/** Pictures, one after the other; all of them are never held at once. */
@FunctionalInterface
public interface PictureSource {

    /**
     * The next picture; empty when there are no more. It may wait for one.
     *
     * @throws IOException if no more can be found
     */
    Optional<Picture> next() throws IOException;
}
