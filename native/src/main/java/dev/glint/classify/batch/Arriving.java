package dev.glint.classify.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Files that are coming, of which it is not known when they are complete. One is taken to be so when it was not written for half
 * a second: by the time of its last change, as of a file that was renamed into the folder, or by being watched. Holds what waits;
 * what was taken comes again when it is written again. Safe for use by several threads.
 */
final class Arriving {
    private static final long QUIET_NANOS = 500_000_000;
    private static final long QUIET_MILLIS = QUIET_NANOS / 1_000_000;

    /** How a file was at a point of {@link System#nanoTime}. */
    private record Change(Look look, long nanos) {}

    /** Those that changed longest ago first. */
    private final Map<Path, Change> changing = new LinkedHashMap<>();

    private final Map<Path, Look> complete = new LinkedHashMap<>();
    private final Taken taken = new Taken();
    private @Nullable Throwable failure;

    /** A file was made, renamed into the folder, or written to. */
    synchronized void add(Path file) {
        BasicFileAttributes attributes = attributes(file);
        if (attributes == null || !attributes.isRegularFile()) {
            remove(file);
            return;
        }
        Look look = Look.of(attributes);
        if (taken.contains(file, look)) {
            return;
        }
        remove(file);
        if (isOld(look)) {
            complete.put(file, look);
        } else {
            changing.put(file, new Change(look, System.nanoTime()));
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
        taken.remove(file);
    }

    /** Whether a file that was found is complete, and nobody else will return it; if it is not complete, it will be returned later. */
    synchronized boolean isQuiet(Path file) {
        BasicFileAttributes attributes = attributes(file);
        if (attributes == null) {
            return false;
        }
        Look look = Look.of(attributes);
        if (isOld(look)) {
            remove(file);
            taken.add(file, look);
            return true;
        }
        changing.putIfAbsent(file, new Change(look, System.nanoTime()));
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
        Iterator<Map.Entry<Path, Look>> entries = complete.entrySet().iterator();
        if (!entries.hasNext()) {
            return Optional.empty();
        }
        Map.Entry<Path, Look> first = entries.next();
        entries.remove();
        taken.add(first.getKey(), first.getValue());
        return Optional.of(first.getKey());
    }

    private void completeWhatIsQuiet(long now) {
        while (!changing.isEmpty()) {
            Map.Entry<Path, Change> oldest = changing.entrySet().iterator().next();
            Path file = oldest.getKey();
            Change before = oldest.getValue();
            if (now - before.nanos() < QUIET_NANOS) {
                return;
            }
            changing.remove(file);
            BasicFileAttributes attributes = attributes(file);
            if (attributes != null) {
                Look after = Look.of(attributes);
                if (after.equals(before.look())) {
                    complete.put(file, after);
                } else {
                    changing.put(file, new Change(after, now));
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

    private static boolean isOld(Look look) {
        return look.changed().toMillis() <= System.currentTimeMillis() - QUIET_MILLIS;
    }

    private static @Nullable BasicFileAttributes attributes(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException gone) {
            return null;
        }
    }
}
