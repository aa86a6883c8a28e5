package dev.glint.classify.batch;

import dev.glint.console.Streams;
import dev.glint.console.Text;
import dev.glint.runtime.decode.FolderContents;
import dev.glint.runtime.decode.PictureFiles;
import dev.glint.runtime.decode.PictureWalk;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pictures that the arguments of a command name, in order: files, folders opened up, patterns that no shell has put files
 * in the place of, {@code -} for standard input. A line on standard error counts the pictures of a folder whose formats are
 * not read.
 */
public final class NamedPictures implements PictureSource {
    private final Iterator<String> arguments;
    private final int maxDepth;
    private final Streams streams;
    private final Deque<Picture> ahead = new ArrayDeque<>();
    private @Nullable PictureSource opened;

    /**
     * Looks at nothing yet.
     *
     * @param recursive whether the folders in a folder count
     * @throws GlintException ({@code USAGE}) if an argument is empty
     */
    public NamedPictures(List<String> arguments, boolean recursive, Streams streams) {
        if (arguments.contains("")) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "an empty name",
                    "a picture, a folder or -",
                    "leave it out, or write . for this folder");
        }
        this.arguments = arguments.iterator();
        this.maxDepth = recursive ? Integer.MAX_VALUE : 1;
        this.streams = streams;
    }

    /** The pictures that come next, at most so many; {@link #next} still returns them. */
    public List<Picture> peek(int count) {
        while (ahead.size() < count) {
            Optional<Picture> picture = find();
            if (picture.isEmpty()) {
                break;
            }
            ahead.add(picture.get());
        }
        return List.copyOf(ahead);
    }

    @Override
    public Optional<Picture> next() {
        return ahead.isEmpty() ? find() : Optional.of(ahead.remove());
    }

    private Optional<Picture> find() {
        while (true) {
            PictureSource several = opened;
            if (several == null) {
                if (!arguments.hasNext()) {
                    return Optional.empty();
                }
                Optional<Picture> single = open(arguments.next());
                if (single.isPresent()) {
                    return single;
                }
            } else {
                Optional<Picture> picture = nextOf(several);
                if (picture.isPresent()) {
                    return picture;
                }
                opened = null;
            }
        }
    }

    /** A picture; or nothing, and what holds several is opened. */
    private Optional<Picture> open(String argument) {
        if (argument.equals(Picture.STANDARD_INPUT)) {
            return Optional.of(new Picture.OnStandardInput(streams.in()));
        }
        Path path = Path.of(argument);
        try {
            if (Files.isDirectory(path)) {
                opened = new InFolder(path);
                return Optional.empty();
            }
            if (PicturePattern.isMeant(argument) && Files.notExists(path)) {
                opened = new PicturePattern(argument);
                return Optional.empty();
            }
        } catch (GlintException e) {
            return Optional.of(new Picture.Missing(argument, e));
        }
        return Optional.of(new Picture.InFile(path));
    }

    private static Optional<Picture> nextOf(PictureSource pictures) {
        try {
            return pictures.next();
        } catch (GlintException e) {
            return Optional.of(new Picture.Missing(e.subject().orElseThrow(), e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The pictures of a folder. */
    private final class InFolder implements PictureSource {
        private final Path folder;
        private final PictureWalk walk;
        private boolean empty = true;
        private boolean ended;

        InFolder(Path folder) {
            this.folder = folder;
            this.walk = new PictureWalk(folder, maxDepth, PictureFiles::isPicture);
        }

        @Override
        public Optional<Picture> next() {
            if (ended) {
                return Optional.empty();
            }
            try {
                Optional<Path> file = walk.next();
                if (file.isEmpty()) {
                    ended = true;
                    sayWhatIsLeft();
                }
                empty = false;
                return file.map(Picture.InFile::new);
            } catch (GlintException e) {
                empty = false;
                throw e;
            }
        }

        private void sayWhatIsLeft() {
            FolderContents beside = new FolderContents(List.of(), walk.others(), List.of());
            if (empty) {
                PictureFiles.requirePictures(folder, beside);
            }
            beside.unreadPictures()
                    .ifPresent(clause -> streams.err().println("note: " + Text.printable(folder + ": " + clause)));
        }
    }
}
