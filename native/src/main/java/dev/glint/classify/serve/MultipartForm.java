package dev.glint.classify.serve;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The file in a form as a browser or {@code curl -F} sends it: {@code multipart/form-data}, RFC 7578 over RFC 2046.
 * Fields without a file name are passed over. Takes time in proportion to the bytes, whatever they are.
 */
final class MultipartForm {
    private static final String TYPE = "multipart/form-data";
    private static final int LONGEST_BOUNDARY = 70;
    private static final int MOST_PARTS = 100;
    private static final int LONGEST_HEADERS = 8192;
    private static final int LONGEST_NAME = 255;
    private static final byte[] BLANK_LINE = ascii("\r\n\r\n");

    /** A file of a form. */
    record FilePart(String name, byte[] content) {}

    private final byte[] body;
    private final byte[] delimiter;

    private MultipartForm(byte[] body, String boundary) {
        this.body = body;
        this.delimiter = ascii("\r\n--" + boundary);
    }

    /** Whether a content type is that of a form with files. */
    static boolean isType(String contentType) {
        return mediaType(contentType).equals(TYPE);
    }

    /** A content type without its parameters, in small letters. */
    static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /**
     * The only file of a form.
     *
     * @throws Refusal (400) if it is no form, or has no file or several
     */
    static FilePart onlyFile(byte[] body, String contentType) {
        String boundary = parameter(contentType, "boundary")
                .filter(MultipartForm::isBoundary)
                .orElseThrow(() -> Refusal.malformed("a form without a boundary", "1 to 70 characters of RFC 2046"));
        List<FilePart> files = new MultipartForm(body, boundary).files();
        if (files.size() != 1) {
            throw Refusal.malformed(files.isEmpty() ? "a form without a file" : "several files", "one picture");
        }
        return files.get(0);
    }

    private static boolean isBoundary(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST_BOUNDARY
                && !text.endsWith(" ")
                && text.chars()
                        .allMatch(c -> c >= '0' && c <= '9'
                                || c >= 'a' && c <= 'z'
                                || c >= 'A' && c <= 'Z'
                                || "'()+_,-./:=? ".indexOf(c) >= 0);
    }

    private List<FilePart> files() {
        List<FilePart> files = new ArrayList<>();
        // The first delimiter may stand at the very beginning, without a line break before it.
        boolean atStart = matches(0, 2);
        int at = atStart ? delimiter.length - 2 : behind(find(delimiter, 0));
        for (int parts = 0; !startsWith("--", at); parts++) {
            if (parts == MOST_PARTS) {
                throw Refusal.malformed("a form of more than " + MOST_PARTS + " parts", "a picture");
            }
            at = behindLine(at);
            int end = find(delimiter, at - 2);
            if (end < 0) {
                throw cutOff();
            }
            part(at, end).ifPresent(files::add);
            at = end + delimiter.length;
        }
        return files;
    }

    private boolean matches(int at, int from) {
        int length = delimiter.length - from;
        return at + length <= body.length && Arrays.equals(body, at, at + length, delimiter, from, delimiter.length);
    }

    private boolean startsWith(String text, int at) {
        byte[] bytes = ascii(text);
        if (at + bytes.length > body.length) {
            throw cutOff();
        }
        return Arrays.equals(body, at, at + bytes.length, bytes, 0, bytes.length);
    }

    private int behind(int delimiterAt) {
        if (delimiterAt < 0) {
            throw Refusal.malformed("a form without its boundary", "a line that begins with it before each part");
        }
        return delimiterAt + delimiter.length;
    }

    /** Behind the line break that ends a delimiter, before which blanks may stand. */
    private int behindLine(int at) {
        int next = at;
        while (next < body.length && (body[next] == ' ' || body[next] == '\t')) {
            next++;
        }
        if (!startsWith("\r\n", next)) {
            throw Refusal.malformed("a boundary with something behind it", "a line break");
        }
        return next + 2;
    }

    /** The part between two delimiters, if it is a file. */
    private Optional<FilePart> part(int start, int end) {
        // A part without headers begins with the blank line itself.
        int blank = find(BLANK_LINE, start - 2);
        if (blank < 0 || blank + BLANK_LINE.length > end + 2 || blank - start > LONGEST_HEADERS) {
            throw Refusal.malformed(
                    "a part of a form without its headers", "a blank line within " + LONGEST_HEADERS + " bytes");
        }
        String headers = new String(body, start, Math.max(0, blank - start), StandardCharsets.UTF_8);
        int content = Math.min(end, blank + BLANK_LINE.length);
        return fileName(headers)
                .map(name -> new FilePart(name, Arrays.copyOfRange(body, content, Math.max(content, end))));
    }

    private static Optional<String> fileName(String headers) {
        for (String line : headers.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equalsIgnoreCase("content-disposition")) {
                return parameter(line.substring(colon + 1), "filename").map(MultipartForm::lastSegment);
            }
        }
        return Optional.empty();
    }

    /** Some browsers send the whole path. */
    private static String lastSegment(String name) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        return last.isEmpty() ? "picture" : last.substring(0, Math.min(LONGEST_NAME, last.length()));
    }

    /** The value of a parameter, as in {@code type; name=value; name="value"}. */
    static Optional<String> parameter(String header, String name) {
        int at = header.indexOf(';');
        while (at >= 0 && at < header.length()) {
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                return Optional.empty();
            }
            String key = header.substring(at + 1, equals).strip();
            StringBuilder value = new StringBuilder();
            at = value(header, equals + 1, value);
            if (key.equalsIgnoreCase(name)) {
                return Optional.of(value.toString());
            }
        }
        return Optional.empty();
    }

    /** Appends the value that begins there, and returns where the next semicolon is, or -1. */
    private static int value(String header, int start, StringBuilder value) {
        int at = start;
        while (at < header.length() && header.charAt(at) == ' ') {
            at++;
        }
        if (at == header.length() || header.charAt(at) != '"') {
            int end = header.indexOf(';', at);
            value.append(header.substring(at, end < 0 ? header.length() : end).strip());
            return end;
        }
        for (at++; at < header.length() && header.charAt(at) != '"'; at++) {
            if (header.startsWith("\\\"", at)) {
                at++;
            }
            value.append(header.charAt(at));
        }
        return header.indexOf(';', at);
    }

    /**
     * Where some bytes are, or -1. They begin with a carriage return and hold another one at most two bytes further on, so
     * no byte of the body is looked at more than a few times.
     */
    private int find(byte[] bytes, int from) {
        for (int at = Math.max(0, from); at <= body.length - bytes.length; at++) {
            if (body[at] == '\r' && Arrays.equals(body, at, at + bytes.length, bytes, 0, bytes.length)) {
                return at;
            }
        }
        return -1;
    }

    private static Refusal cutOff() {
        return Refusal.malformed("a form that ends too early", "its boundary with two hyphens at the end");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
