package dev.glint.runtime.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Formats of pictures that are not read, told by how their files begin or by their names: so that one can say so. */
enum UnreadFormat {
    GIF("GIF", "gif"),
    WEBP("WebP", "webp"),
    TIFF("TIFF", "tif", "tiff"),
    AVIF("AVIF", "avif", "avifs"),
    HEIC("HEIC", "heic", "heif", "hif"),
    JPEG_XL("JPEG XL", "jxl"),
    JPEG_2000("JPEG 2000", "jp2", "j2k", "jpf", "jpx"),
    PHOTOSHOP("Photoshop", "psd"),
    ICON("Windows icon", "ico", "cur"),
    QOI("QOI", "qoi"),
    TARGA("Targa", "tga"),
    CAMERA_RAW("raw camera", "dng", "cr2", "cr3", "nef", "arw", "orf", "rw2", "raf");

    private static final int BRAND = 8;
    private static final int LAST_BRAND = 60;

    private final String title;
    private final List<String> extensions;

    UnreadFormat(String title, String... extensions) {
        this.title = title;
        this.extensions = List.of(extensions);
    }

    /** What people call it. */
    String title() {
        return title;
    }

    /** Whether files with this extension, in lower case, are mostly of one of these formats. */
    static boolean hasExtension(String extension) {
        return Arrays.stream(values()).anyMatch(format -> format.extensions.contains(extension));
    }

    /** The format of a file that begins with these bytes. */
    static Optional<UnreadFormat> detect(byte[] encoded) {
        String head = new String(encoded, 0, Math.min(encoded.length, LAST_BRAND + 4), StandardCharsets.ISO_8859_1);
        if (head.startsWith("GIF8")) {
            return Optional.of(GIF);
        }
        if (head.startsWith("RIFF") && head.startsWith("WEBP", BRAND)) {
            return Optional.of(WEBP);
        }
        if (begins(head, "II*\0", "MM\0*", "II+\0", "MM\0+")) {
            return Optional.of(TIFF);
        }
        if (begins(head, "\u00ff\n", "\0\0\0\fJXL ")) {
            return Optional.of(JPEG_XL);
        }
        if (begins(head, "\u00ffO\u00ffQ", "\0\0\0\fjP  ")) {
            return Optional.of(JPEG_2000);
        }
        if (head.startsWith("8BPS")) {
            return Optional.of(PHOTOSHOP);
        }
        if (begins(head, "\0\0\1\0", "\0\0\2\0")) {
            return Optional.of(ICON);
        }
        return head.startsWith("qoif") ? Optional.of(QOI) : compatibleWith(head);
    }

    /** Files of the ISO base media format say in their first box what they are compatible with (ISO/IEC 23000-22). */
    private static Optional<UnreadFormat> compatibleWith(String head) {
        if (!head.startsWith("ftyp", 4)) {
            return Optional.empty();
        }
        int end = Math.min(head.length(), head.charAt(2) << 8 | head.charAt(3));
        boolean heif = false;
        for (int brand = BRAND; brand + 4 <= end; brand += 4) {
            switch (head.substring(brand, brand + 4)) {
                case "avif", "avis" -> {
                    return Optional.of(AVIF);
                }
                case "heic", "heix", "hevc", "heim", "heis", "mif1", "msf1" -> heif = true;
                default -> {}
            }
        }
        return heif ? Optional.of(HEIC) : Optional.empty();
    }

    private static boolean begins(String head, String... magics) {
        return Arrays.stream(magics).anyMatch(head::startsWith);
    }
}
