package dev.glint.classify.batch;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * How a file was when it was looked at: another look after it was written to, or replaced.
 *
 * @param key which file it is; null where the system does not say
 */
record Look(long size, FileTime changed, @Nullable Object key) {
    static Look of(BasicFileAttributes attributes) {
        return new Look(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }
}
