package dev.glint.trainer.cli;

import dev.glint.trainer.model.Architecture;
import java.util.Arrays;
import java.util.Iterator;

/** The names that {@code --model} knows, for help and completion. */
public final class ModelNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Arrays.stream(Architecture.values()).map(Architecture::id).iterator();
    }
}
