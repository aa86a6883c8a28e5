package dev.glint.runtime.decode.jpeg;

import dev.glint.runtime.decode.common.Damage;
import dev.glint.runtime.decode.common.ExifOrientation;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.failure.GlintException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the markers between the entropy-coded segments and keeps what they say. */
final class Headers {
    private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EXIF = "Exif\0".getBytes(StandardCharsets.US_ASCII);
    private static final int JFIF_BYTES = 14;
    private static final int ADOBE_BYTES = 12;

    /** Between the {@code Exif} signature's start and the TIFF block. */
    private static final int EXIF_HEAD_BYTES = 6;

    private final Input in;
    private final DecodeLimits limits;
    final Tables tables = new Tables();

    private @Nullable Frame frame;
    private @Nullable Scan scan;
    private boolean jfif;
    private int adobeTransform = ColorModel.NO_ADOBE_MARKER;
    private int orientation;

    Headers(Input in, DecodeLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    /** The frame, once a scan was reached. */
    Frame frame() {
        return require(frame);
    }

    /** The scan that was reached. */
    Scan scan() {
        return require(scan);
    }

    /** Whether the scan that was reached holds the whole picture, as the first of a sequential file mostly does. */
    boolean onlyScan() {
        return !frame().progressive && scan().components().length == frame().components.length;
    }

    private static <T> T require(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("no scan reached");
        }
        return value;
    }

    /** What the components mean. */
    ColorModel colorModel() {
        return ColorModel.choose(frame(), jfif, adobeTransform);
    }

    /** The EXIF orientation tag, 1 to 8; XMP does not count, as in Pillow before 11. */
    int orientation() {
        return orientation == 0 ? ExifOrientation.UPRIGHT : orientation;
    }

    /** Reads on from the start of the file to the first scan. */
    void readToFirstScan() {
        if (in.u8() != 0xff || in.u8() != Marker.SOI) {
            in.position = 0;
            throw in.broken("no SOI", "a JPEG file");
        }
        if (!readToScan()) {
            throw in.broken("EOI before any SOS", frame == null ? "a picture" : "a scan");
        }
    }

    /**
     * Reads on behind an entropy-coded segment.
     *
     * @return whether another scan was reached, else the end of the picture
     */
    boolean readToScan() {
        while (true) {
            if (in.marker == Marker.NONE) {
                in.nextMarker();
            }
            int marker = in.marker;
            if (marker == Marker.EOI) {
                in.marker = Marker.NONE;
                return false;
            }
            if (marker == Marker.SOS) {
                if (frame == null) {
                    throw in.broken("SOS before any SOF", "a frame header");
                }
                scan = Scan.read(in, frame);
                in.marker = Marker.NONE;
                return true;
            }
            readSegment(marker);
            in.marker = Marker.NONE;
        }
    }

    /** Fixes the quantization tables of the components that the scan reached is the first to have. */
    void startScan() {
        for (Component component : scan().components()) {
            if (component.hasScan) {
                continue;
            }
            short[] divisors = tables.quantization(component.quantizationSlot);
            if (divisors == null) {
                throw in.broken(
                        "a scan with quantization table " + component.quantizationSlot,
                        "a table that was defined before");
            }
            component.quantization = divisors;
            component.hasScan = true;
        }
    }

    private void readSegment(int marker) {
        switch (marker) {
            case Marker.DQT -> tables.readQuantization(in);
            case Marker.DHT -> tables.readHuffman(in);
            case Marker.DAC -> Tables.readConditioning(in);
            case Marker.DRI -> tables.readRestartInterval(in);
            case Marker.APP0, Marker.APP1, Marker.APP14 -> readApplicationData(marker);
            case Marker.COM, Marker.DNL -> in.skip(in.u16() - 2);
            case Marker.TEM -> {}
            default -> {
                if (Marker.startsFrame(marker)) {
                    readFrame();
                } else if (marker > Marker.APP1 && marker <= Marker.APP15) {
                    in.skip(in.u16() - 2);
                } else if (!Marker.isRestart(marker)) {
                    throw unexpected(marker);
                }
            }
        }
    }

    private GlintException unexpected(int marker) {
        return switch (marker) {
            case Marker.SOI -> in.broken("a second SOI", "one picture");
            case Marker.DHP, Marker.EXP ->
                Damage.unsupported("a hierarchical JPEG (" + Marker.name(marker) + ")", "one frame");
            default -> in.broken("marker " + Marker.name(marker), "a marker of ITU-T T.81");
        };
    }

    private void readFrame() {
        FrameHeader header = FrameHeader.read(in);
        if (frame != null) {
            throw in.broken("a second " + Marker.name(in.marker), "one frame");
        }
        header.requireDecodable(in);
        limits.requireSides(header.width(), header.height());
        if (header.progressive()) {
            limits.requireSize(header.width(), header.height());
        }
        frame = new Frame(header);
    }

    private void readApplicationData(int marker) {
        int length = in.u16() - 2;
        int start = in.position;
        in.skip(length);
        int present = Math.min(in.position, in.data.length) - start;
        if (marker == Marker.APP0) {
            jfif |= present >= JFIF_BYTES && startsWith(start, JFIF);
        } else if (marker == Marker.APP14 && present >= ADOBE_BYTES && startsWith(start, ADOBE)) {
            adobeTransform = in.data[start + ADOBE_BYTES - 1] & 0xff;
        } else if (marker == Marker.APP1 && orientation == 0 && present >= EXIF.length && startsWith(start, EXIF)) {
            orientation = ExifOrientation.find(in.data, start + EXIF_HEAD_BYTES, present - EXIF_HEAD_BYTES)
                    .orElse(ExifOrientation.UPRIGHT);
        }
    }

    private boolean startsWith(int at, byte[] signature) {
        for (int i = 0; i < signature.length; i++) {
            if (in.data[at + i] != signature[i]) {
                return false;
            }
        }
        return true;
    }
}
