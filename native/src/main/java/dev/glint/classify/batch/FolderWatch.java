package dev.glint.classify.batch;

import dev.glint.runtime.decode.PictureFiles;
import dev.glint.runtime.decode.PictureWalk;
import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The pictures that come into a folder, in the order in which they are complete; it never ends by itself. The folders in it are
 * not watched. A picture that is written again comes again. The system says what changes; a thread listens, so that the queue
 * of the system does not run over while pictures are classified. If it does, the folder is searched.
 */
public final class FolderWatch implements PictureSource, AutoCloseable {
    /** When nothing is told for as long, all that came before has been told. */
    private static final long QUIET_MILLIS = 100;

    /** How far the times of files may be behind the clock, and what the system tells behind what happens. */
    private static final long BEHIND_MILLIS = 10_000;

    /** The system does not tell that the folder was renamed. */
    private static final long LOOK_SECONDS = 5;

    private final Path folder;
    private final @Nullable Object folderKey;
    private final WatchService watcher;
    final Arriving arriving = new Arriving();
    private @Nullable PictureWalk existing;

    /** What happened before was told, or found by a search. */
    private Moment told = Moment.now();

    /**
     * Begins to watch.
     *
     * @param withExisting whether the pictures that are there already come first
     * @throws GlintException ({@code INPUT}) naming the folder if it cannot be watched
     */
    public FolderWatch(Path folder, boolean withExisting) {
        this.folder = folder;
        if (!Files.isDirectory(folder)) {
            throw GlintException.failure(
                            Reason.INPUT,
                            Files.exists(folder) ? "no folder" : "no such folder",
                            "a folder to watch",
                            "check the path, or make it first")
                    .about(folder);
        }
        try {
            // Before it is registered: one that is replaced in between is found.
            this.folderKey = key(folder);
            this.watcher = folder.getFileSystem().newWatchService();
            folder.register(
                    watcher,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException e) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "a folder that cannot be watched (" + FileFailure.why(e) + ")",
                            "one whose changes the system tells",
                            "raise fs.inotify.max_user_watches and max_user_instances, or classify it again and again")
                    .causedBy(e)
                    .about(folder);
        }
        // After the watch began: what comes meanwhile is seen by one or both.
        this.existing = withExisting ? files() : null;
        Thread listener = new Thread(this::listen, "folder-watch");
        listener.setDaemon(true);
        listener.start();
    }

    private PictureWalk files() {
        return new PictureWalk(folder, 1, PictureFiles::isPicture);
    }

    @Override
    public Optional<Picture> next() {
        while (true) {
            PictureWalk walk = existing;
            if (walk == null) {
                return Optional.of(new Picture.InFile(arriving.take()));
            }
            Optional<Path> file = walk.next();
            if (file.isEmpty()) {
                existing = null;
            } else if (arriving.isQuiet(file.get())) {
                return Optional.of(new Picture.InFile(file.get()));
            }
        }
    }

    private void listen() {
        try {
            while (true) {
                Moment asked = Moment.now();
                WatchKey key = watcher.poll(LOOK_SECONDS, TimeUnit.SECONDS);
                if (asked.millisUntil(Moment.now()) >= QUIET_MILLIS) {
                    told = asked;
                }
                if (key != null) {
                    key.pollEvents().forEach(this::tell);
                }
                if (key != null && !key.reset() || !isInItsPlace()) {
                    throw GlintException.failure(
                                    Reason.INPUT, "a folder that is gone", "the folder to stay", "make it again")
                            .about(folder);
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException closed) {
            // Nobody waits for more.
            return;
        } catch (RuntimeException | Error e) {
            arriving.fail(e);
        }
    }

    /** Whether the path still leads to the folder that is watched. */
    private boolean isInItsPlace() {
        try {
            return Objects.equals(key(folder), folderKey);
        } catch (IOException gone) {
            return false;
        }
    }

    private static @Nullable Object key(Path folder) throws IOException {
        return Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    }

    private void tell(WatchEvent<?> event) {
        if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
            search();
            return;
        }
        Path name = (Path) event.context();
        Path file = folder.resolve(name);
        if (name.toString().startsWith(".") || !PictureFiles.isPicture(name)) {
            return;
        }
        if (event.kind() == StandardWatchEventKinds.ENTRY_DELETE) {
            arriving.remove(file);
        } else {
            arriving.add(file);
        }
    }

    /** For what was lost; what changes meanwhile is told again. */
    private void search() {
        Moment begun = Moment.now();
        long since = told.earliestMillis(begun) - BEHIND_MILLIS;
        PictureWalk walk = files();
        Optional<Path> file;
        while ((file = walk.next()).isPresent()) {
            arriving.addIfChangedSince(file.get(), since);
        }
        told = begun;
    }

    @Override
    public void close() throws IOException {
        watcher.close();
    }
}
