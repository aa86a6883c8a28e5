package dev.glint.runtime.trust;

import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Keys as text (RFC 7468): Base64 between two lines that say what it is; what stands before and behind them does not count. */
public final class PemFile {
    private static final int MAX_BYTES = 1 << 16;
    private static final int LINE = 64;
    private static final String DASHES = "-----";
    private static final String BEGIN = DASHES + "BEGIN ";

    private PemFile() {}

    /**
     * The text of a key file.
     *
     * @param expected what it should be, as in {@code "a public key"}
     * @throws GlintException ({@code INPUT}) naming the file if it cannot be read, or is too large for a key
     */
    public static String read(Path file, String expected) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw invalid("more than " + MAX_BYTES + " bytes", expected).about(file);
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.INPUT, file, expected, e);
        }
    }

    /** What the first block says that it is, as in {@code PUBLIC KEY}; empty if there is none. */
    public static Optional<String> label(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(BEGIN) && line.endsWith(DASHES))
                .map(line -> line.substring(BEGIN.length(), Math.max(BEGIN.length(), line.length() - DASHES.length())))
                .findFirst();
    }

    /**
     * The bytes of the first block.
     *
     * @throws GlintException ({@code INPUT}) if there is none, or it has no end or no Base64 in it
     */
    public static byte[] decode(String text, String expected) {
        String label = label(text).orElseThrow(() -> invalid("no key", expected));
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : (Iterable<String>) text.lines().map(String::strip)::iterator) {
            if (inside && line.equals(DASHES + "END " + label + DASHES)) {
                try {
                    return Base64.getDecoder().decode(String.join("", lines));
                } catch (IllegalArgumentException e) {
                    throw invalid("a key that is no Base64", expected).causedBy(e);
                }
            }
            if (inside) {
                lines.add(line);
            }
            inside |= line.equals(BEGIN + label + DASHES);
        }
        throw invalid("a key without its end", expected);
    }

    /** Bytes as a block, with lines of 64 characters. */
    public static String encode(String label, byte[] der) {
        String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
        return BEGIN + label + DASHES + "\n" + body + "\n" + DASHES + "END " + label + DASHES + "\n";
    }

    /** The failure of a file that is no key. */
    public static GlintException invalid(String found, String expected) {
        return GlintException.failure(Reason.INPUT, found, expected, "see exporter sign --help for how to make keys");
    }
}
