package dev.glint.classify.batch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the last few thousand files were when they were taken: the system tells of permissions and times as it does of content. */
final class Taken {
    static final int MAX_FILES = 4096;

    /** Those that were taken first come first. */
    private final Map<Path, Look> looks = new LinkedHashMap<>();

    void add(Path file, Look look) {
        looks.remove(file);
        // One that cannot be read yet is to come again when it can.
        if (!Files.isReadable(file)) {
            return;
        }
        looks.put(file, look);
        if (looks.size() > MAX_FILES) {
            Iterator<Path> first = looks.keySet().iterator();
            first.next();
            first.remove();
        }
    }

    void remove(Path file) {
        looks.remove(file);
    }

    /** Whether a file was taken when it looked the same. */
    boolean contains(Path file, Look look) {
        return look.equals(looks.get(file));
    }
}
