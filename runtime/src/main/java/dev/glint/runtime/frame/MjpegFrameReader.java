package dev.glint.runtime.frame;

import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Motion JPEG: JPEG files one behind the other. Each is read segment by segment (ITU-T T.81, annex B), so that a thumbnail in
 * one of its application segments ends nothing; what lies between two of them (padding, the heads of a multipart stream) is
 * passed over. A frame that breaks off, where the next one begins or the stream ends, is a failure, and so is one that is
 * larger than the limit; the frames behind it are found again.
 */
public final class MjpegFrameReader implements FrameReader {
    private static final int START_OF_IMAGE = 0xd8;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int filled;
    private byte[] frame = new byte[BUFFER];
    private int size;
    private boolean ended;

    /** A start of image was read where none belongs: the next frame's. */
    private boolean begun;

    /** Reads nothing yet; the stream stays open. */
    public MjpegFrameReader(InputStream in, DecodeLimits limits) {
        this.in = in;
        this.maxBytes = limits.encodedBytes();
    }

    @Override
    public Optional<Frame> next() throws IOException {
        if (ended || !findStart()) {
            return Optional.empty();
        }
        size = 0;
        frame = new byte[BUFFER];
        put(0xff);
        put(START_OF_IMAGE);
        readSegments();
        byte[] whole = Arrays.copyOf(frame, size);
        return Optional.of(options -> ImageDecoder.decode(whole, options));
    }

    /** Passes over what is no frame, up to and including a start of image that a marker follows. */
    private boolean findStart() throws IOException {
        if (begun) {
            begun = false;
            return true;
        }
        int beforeLast = 0;
        int last = 0;
        for (long passed = 0; passed <= maxBytes; passed++) {
            int next = readByte();
            if (next < 0) {
                return false;
            }
            if (beforeLast == 0xff && last == START_OF_IMAGE && next == 0xff) {
                position--;
                return true;
            }
            beforeLast = last;
            last = next;
        }
        ended = true;
        throw GlintException.failure(
                Reason.INPUT, maxBytes + " bytes without a frame", "JPEG frames", "check what the camera sends");
    }

    private void readSegments() throws IOException {
        while (true) {
            if (require() != 0xff) {
                throw broken("bytes that belong to no segment, behind " + size + " bytes of a frame");
            }
            int marker = markerBehind();
            if (marker == END_OF_IMAGE) {
                return;
            }
            if (standsAlone(marker)) {
                continue;
            }
            readSegment();
            while (marker == START_OF_SCAN) {
                marker = readScan();
            }
            if (marker == END_OF_IMAGE) {
                return;
            }
        }
    }

    /** The code behind a 0xff and perhaps more of them, which fill. */
    private int markerBehind() throws IOException {
        put(0xff);
        int code = require();
        while (code == 0xff) {
            put(code);
            code = require();
        }
        if (code == START_OF_IMAGE) {
            begun = true;
            throw broken("the start of another frame behind " + (size - 1) + " bytes of one");
        }
        put(code);
        return code;
    }

    /** Whether no length and no bytes follow: restarts, a mark for arithmetic coding, a stuffed 0xff. */
    private static boolean standsAlone(int marker) {
        return marker >= 0xd0 && marker <= 0xd7 || marker <= 1;
    }

    private void readSegment() throws IOException {
        int high = require();
        put(high);
        int low = require();
        put(low);
        int length = high << 8 | low;
        if (length < 2) {
            throw broken("a segment of length " + length + ", behind " + size + " bytes of a frame");
        }
        for (int i = 2; i < length; i++) {
            put(require());
        }
    }

    /** Reads entropy-coded bytes up to a marker, and its segment if it has one; returns the marker. */
    private int readScan() throws IOException {
        while (true) {
            int next = require();
            if (next != 0xff) {
                put(next);
                continue;
            }
            int marker = markerBehind();
            if (standsAlone(marker)) {
                continue;
            }
            if (marker != END_OF_IMAGE) {
                readSegment();
            }
            return marker;
        }
    }

    private int require() throws IOException {
        int next = readByte();
        if (next < 0) {
            ended = true;
            throw broken("a last frame that ends after " + size + " bytes");
        }
        return next;
    }

    private int readByte() throws IOException {
        if (position == filled) {
            position = 0;
            filled = Math.max(0, in.read(buffer, 0, buffer.length));
            if (filled == 0) {
                return -1;
            }
        }
        return buffer[position++] & 0xff;
    }

    private void put(int value) {
        if (size == maxBytes) {
            throw DecodeLimits.exceeded("a frame of more bytes", "at most " + maxBytes);
        }
        if (size == frame.length) {
            frame = Arrays.copyOf(frame, (int) Math.min(maxBytes, 2L * size));
        }
        frame[size++] = (byte) value;
    }

    private static GlintException broken(String found) {
        return GlintException.failure(Reason.INPUT, found, "whole JPEG frames", "check the camera and its connection");
    }
}
