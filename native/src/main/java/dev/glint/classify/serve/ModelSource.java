package dev.glint.classify.serve;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFile;
import java.nio.file.Path;

/** Where the model comes from, at the start and whenever it is exchanged. */
public interface ModelSource {

    /**
     * The file that is the model now; a folder may stand for another one than before.
     *
     * @throws GlintException if there is none
     */
    Path locate();

    /**
     * Reads it.
     *
     * @throws GlintException naming the file if it is no model, or not signed as it must be
     */
    ModelFile read(Path file);

    /**
     * Opens what was read.
     *
     * @throws GlintException naming the file if it cannot be opened
     */
    Model open(ModelFile read);
}
