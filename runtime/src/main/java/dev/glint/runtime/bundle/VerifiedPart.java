package dev.glint.runtime.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * A part that was held against its hash. A process that opens the model behind it time and again does that once, as long as the file
 * is the same by what the system says of it.
 *
 * @param file what the system tells it from others by
 * @param modified when it was written
 * @param part the part
 */
record VerifiedPart(Object file, FileTime modified, BundlePart part) {
    /** The last one of this process: a program has one model. */
    private static volatile @Nullable VerifiedPart last;

    /** The part of a file as it is now; null on a system that does not tell files from each other. */
    static @Nullable VerifiedPart describe(Path file, BundlePart part) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.fileKey() == null
                ? null
                : new VerifiedPart(attributes.fileKey(), attributes.lastModifiedTime(), part);
    }

    static boolean isLast(@Nullable VerifiedPart described) {
        return described != null && described.equals(last);
    }

    static void setLast(@Nullable VerifiedPart described) {
        last = described;
    }
}
