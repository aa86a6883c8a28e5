package dev.glint.classify.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files that are coming, of which it is not known when they are complete. One is taken to be so when it was not written for half
 * a second: by the time of its last change, as of a file that was renamed into the folder, or by being watched. Holds what waits,
 * and forgets what was taken. Safe for use by several threads.
 */
final class Arriving {
    private static final long QUIET_NANOS = 500_000_000;
    private static final long QUIET_MILLIS = QUIET_NANOS / 1_000_000;

    /** How a file was when it was last looked at. */
    private record Look(long size, FileTime changed, long nanos) {}

    /** Those that changed longest ago first. */
    private final Map<Path, Look> changing = new LinkedHashMap<>();

    private final Set<Path> complete = new LinkedHashSet<>();
    private @Nullable Throwable failure;

    /** A file was made, renamed into the folder, or written to. */
    synchronized void add(Path file) {
        BasicFileAttributes attributes = attributes(file);
        if (attributes == null || !attributes.isRegularFile()) {
            remove(file);
            return;
        }
        changing.remove(file);
        complete.remove(file);
        if (isOld(attributes)) {
            complete.add(file);
        } else {
            changing.put(file, look(attributes, System.nanoTime()));
        }
        notifyAll();
    }

    /** The same for a file whose event may be lost, if it changed after a point of {@link System#currentTimeMillis}. */
    synchronized void addIfChangedSince(Path file, long millis) {
        try {
            FileTime renamed = (FileTime) Files.getAttribute(file, "unix:ctime");
            if (renamed.toMillis() > millis) {
                add(file);
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            add(file);
        }
    }

    /** A file is gone. */
    synchronized void remove(Path file) {
        changing.remove(file);
        complete.remove(file);
    }

    /** Whether a file that was found is complete, and nobody else will return it; if it is not complete, it will be returned later. */
    synchronized boolean isQuiet(Path file) {
        BasicFileAttributes attributes = attributes(file);
        if (attributes == null) {
            return false;
        }
        if (isOld(attributes)) {
            remove(file);
            return true;
        }
        changing.putIfAbsent(file, look(attributes, System.nanoTime()));
        return false;
    }

    /** No more will come. */
    synchronized void fail(Throwable reason) {
        failure = reason;
        notifyAll();
    }

    /** Waits for a file that is complete. */
    synchronized Path take() {
        try {
            while (true) {
                long now = System.nanoTime();
                Optional<Path> file = poll(now);
                if (file.isPresent()) {
                    return file.get();
                }
                if (failure instanceof Error error) {
                    throw error;
                }
                if (failure instanceof RuntimeException runtime) {
                    throw runtime;
                }
                wait(millisToWait(now));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A file that is complete at a point of {@link System#nanoTime}; empty if there is none. */
    synchronized Optional<Path> poll(long now) {
        completeWhatIsQuiet(now);
        Iterator<Path> first = complete.iterator();
        if (!first.hasNext()) {
            return Optional.empty();
        }
        Path file = first.next();
        first.remove();
        return Optional.of(file);
    }

    private void completeWhatIsQuiet(long now) {
        while (!changing.isEmpty()) {
            Map.Entry<Path, Look> oldest = changing.entrySet().iterator().next();
            Path file = oldest.getKey();
            Look before = oldest.getValue();
            if (now - before.nanos() < QUIET_NANOS) {
                return;
            }
            changing.remove(file);
            BasicFileAttributes attributes = attributes(file);
            if (attributes != null) {
                Look after = look(attributes, now);
                if (after.size() == before.size() && after.changed().equals(before.changed())) {
                    complete.add(file);
                } else {
                    changing.put(file, after);
                }
            }
        }
    }

    /** Until the one that changed longest ago may be complete; 0 for ever. Rounded up: not to look a moment too early. */
    private long millisToWait(long now) {
        return changing.isEmpty()
                ? 0
                : Math.max(
                                        0,
                                        QUIET_NANOS
                                                - (now
                                                        - changing.values()
                                                                .iterator()
                                                                .next()
                                                                .nanos()))
                                / 1_000_000
                        + 1;
    }

    private static Look look(BasicFileAttributes attributes, long now) {
        return new Look(attributes.size(), attributes.lastModifiedTime(), now);
    }

    private static boolean isOld(BasicFileAttributes attributes) {
        return attributes.lastModifiedTime().toMillis() <= System.currentTimeMillis() - QUIET_MILLIS;
    }

    private static @Nullable BasicFileAttributes attributes(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException gone) {
            return null;
        }
    }
}
