package dev.glint.classify.ort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What changes when a file's content does: the system sets the time of change at each write, and nobody else can (stat(2),
 * {@code st_ctime}).
 *
 * @param text device, inode, size, time of change
 * @param size bytes
 * @param changed time of change
 * @param uid the owner
 * @param mode type and permissions
 */
record FileIdentity(String text, long size, FileTime changed, int uid, int mode) {
    private static final int WRITABLE_BY_OTHERS = 022;

    /**
     * Looks at a file.
     *
     * @param options whether links are followed
     * @throws UnsupportedOperationException on a system that has no such thing
     */
    static FileIdentity read(Path file, LinkOption... options) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino,size,ctime,uid,mode", options);
        long size = Objects.requireNonNull((Long) attributes.get("size"));
        FileTime changed = Objects.requireNonNull((FileTime) attributes.get("ctime"));
        String text = attributes.get("dev") + " " + attributes.get("ino") + " " + size + " "
                + changed.to(TimeUnit.NANOSECONDS);
        return new FileIdentity(
                text,
                size,
                changed,
                Objects.requireNonNull((Integer) attributes.get("uid")),
                Objects.requireNonNull((Integer) attributes.get("mode")));
    }

    /** Whether no user but the given one, and root, can write it. */
    boolean belongsTo(int user) {
        return uid == user && (mode & WRITABLE_BY_OTHERS) == 0;
    }
}
