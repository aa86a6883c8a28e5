package dev.glint.exporter.folder;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model folder in the making, beside the place where it will stand. Its files are checked where they are and appear in
 * the model folder only when all of them are good. Closing it removes what was not published.
 */
public final class StagedFolder implements AutoCloseable {
    /** What an export makes new or makes obsolete; a user's other files are left alone. */
    private static final List<String> OURS =
            List.of(ModelFolder.MANIFEST, ModelFolder.INT8, ModelFolder.FP32, "report.html");

    private final Path target;
    private final Path staging;
    private final List<String> files = new ArrayList<>();

    private StagedFolder(Path target, Path staging) {
        this.target = target;
        this.staging = staging;
    }

    /**
     * Says whether a folder can take an exported model: it is new, empty, or a model folder that may be replaced.
     *
     * @throws GlintException ({@code INPUT}) if it cannot
     */
    public static void requireFree(Path folder, boolean replace) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw taken(folder, "a file", "name a folder");
        }
        if (isModel(folder)) {
            if (!replace) {
                throw taken(folder, "a model that is already there", "add --force to replace it");
            }
            return;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            if (entries.findAny().isPresent()) {
                throw taken(folder, "a folder with other things in it", "name another folder");
            }
        }
    }

    private static GlintException taken(Path folder, String found, String remedy) {
        return GlintException.failure(Reason.INPUT, found, "a new or an empty folder", remedy)
                .about(folder);
    }

    private static boolean isModel(Path folder) {
        return OURS.stream().anyMatch(name -> Files.exists(folder.resolve(name)));
    }

    /** Begins a folder. */
    public static StagedFolder beside(Path folder) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        Files.createDirectories(target.getParent());
        return new StagedFolder(
                target, Files.createTempDirectory(target.getParent(), "." + target.getFileName() + "."));
    }

    /** Writes a file of the folder; returns where it is for now. */
    public Path write(String name, byte[] bytes) throws IOException {
        Path file = staging.resolve(name);
        AtomicFile.write(file, bytes);
        files.add(name);
        return file;
    }

    /** Puts the folder in its place: a new one appears at once, an older model's files go first. */
    public void publish() throws IOException {
        if (Files.isDirectory(target) && isModel(target)) {
            for (String name : OURS) {
                Files.deleteIfExists(target.resolve(name));
            }
            publishInto();
        } else {
            Files.deleteIfExists(target);
            makeReadable();
            Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Puts the files into a folder that is there, in the order in which they were written, each at once. */
    public void publishInto() throws IOException {
        for (String name : files) {
            Files.move(
                    staging.resolve(name),
                    target.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** A temporary folder is for its owner only; one that somebody asked for is not. */
    private void makeReadable() throws IOException {
        Path probe = Files.createDirectory(staging.resolve("probe"));
        try {
            if (Files.getFileStore(staging).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(staging, Files.getPosixFilePermissions(probe));
            }
        } finally {
            Files.delete(probe);
        }
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(staging)) {
            try (Stream<Path> entries = Files.walk(staging)) {
                for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(entry);
                }
            }
        }
    }
}
