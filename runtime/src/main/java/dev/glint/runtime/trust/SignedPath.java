package dev.glint.runtime.trust;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Paths in a signed folder as text: relative, with slashes between the names, whatever the system has (OMS 1.0, section 6.1.2). */
public final class SignedPath {
    /** What lies beside the files of a model without being of it, as the specification lists it. */
    public static final List<String> USUALLY_IGNORED = List.of(".git", ".gitattributes", ".github", ".gitignore");

    /** The order of Unicode's code points, which is that of the bytes in UTF-8 and not that of Java's text. */
    public static final Comparator<String> ORDER = (one, other) ->
            Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());

    private static final int MAX_LENGTH = 4096;

    private SignedPath() {}

    /** Whether a path is written in the one way there is, and leads nowhere but into the folder. */
    public static boolean isCanonical(String path) {
        boolean canonical = path.length() <= MAX_LENGTH && path.indexOf('\0') < 0;
        for (String name : path.split("/", -1)) {
            canonical &= !name.isEmpty() && !name.equals(".") && !name.equals("..");
        }
        return canonical;
    }

    /**
     * Passes if it is.
     *
     * @throws dev.glint.runtime.failure.GlintException ({@code MODEL}) if not
     */
    static void requireCanonical(String path) {
        if (!isCanonical(path)) {
            throw SignatureBundle.invalid("the path " + path);
        }
    }
}
