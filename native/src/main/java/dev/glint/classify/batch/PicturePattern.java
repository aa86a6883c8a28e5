package dev.glint.classify.batch;

import dev.glint.runtime.decode.PictureWalk;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/**
 * The files that a pattern such as {@code photos/*.jpg} matches, where no shell has put them in its place. {@code *} and
 * {@code ?} stand for letters of one name, {@code **} for any number of folders, <code>{a,b}</code> and {@code [a-c]} for one of a few.
 * Names that begin with a dot are left out, and folders are not opened up.
 */
final class PicturePattern implements PictureSource {
    private static final String WILDCARDS = "*?[{";

    private final String pattern;
    private final PictureWalk walk;
    private boolean empty = true;

    /**
     * Begins at the folder that stands before the first wildcard.
     *
     * @throws GlintException ({@code USAGE}) if the pattern makes no sense, ({@code INPUT}) if the folder cannot be read,
     *     naming either
     */
    PicturePattern(String pattern) {
        this.pattern = pattern;
        int base = pattern.lastIndexOf('/', firstWildcard(pattern)) + 1;
        String below = pattern.substring(base);
        Path folder = Path.of(base == 1 ? "/" : pattern.substring(0, Math.max(0, base - 1)));
        if (!Files.isDirectory(folder)) {
            throw nothing();
        }
        PathMatcher matcher = matcher(below);
        int depth = below.contains("**")
                ? Integer.MAX_VALUE
                : (int) below.chars().filter(c -> c == '/').count() + 1;
        this.walk = new PictureWalk(folder, depth, file -> matcher.matches(folder.relativize(file)));
    }

    /** Whether an argument that names no file may be a pattern. */
    static boolean isMeant(String argument) {
        return firstWildcard(argument) < argument.length();
    }

    private static int firstWildcard(String text) {
        int at = 0;
        while (at < text.length() && WILDCARDS.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private PathMatcher matcher(String below) {
        try {
            // No folder at all is a number of folders, too.
            return FileSystems.getDefault().getPathMatcher("glob:" + below.replace("**/", "{**/,}"));
        } catch (PatternSyntaxException e) {
            throw GlintException.failure(
                            Reason.USAGE,
                            "a pattern that makes no sense (" + e.getDescription() + ")",
                            "*, ?, **, [a-c] and {a,b}",
                            "check its brackets and braces")
                    .causedBy(e)
                    .about(pattern);
        }
    }

    @Override
    public Optional<Picture> next() {
        try {
            Optional<Path> file = walk.next();
            if (file.isEmpty() && empty) {
                empty = false;
                throw nothing();
            }
            empty = false;
            return file.map(Picture.InFile::new);
        } catch (GlintException e) {
            empty = false;
            throw e;
        }
    }

    private GlintException nothing() {
        return GlintException.failure(
                        Reason.INPUT,
                        "no such file, and none that it matches as a pattern",
                        "pictures",
                        "check the path and the pattern")
                .about(pattern);
    }
}
