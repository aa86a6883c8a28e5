package dev.glint.classify.frames;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.frame.FrameReader;
import dev.glint.runtime.frame.MjpegFrameReader;
import dev.glint.runtime.frame.RawFrameReader;
import java.io.InputStream;

/** What a camera sends. */
public sealed interface FrameFormat {

    /** Cuts a stream of it into frames. */
    FrameReader open(InputStream in, DecodeLimits limits);

    /**
     * The format with a name: {@code mjpeg}, or {@code rgb24:640x480}.
     *
     * @throws GlintException ({@code USAGE}) if there is none of that name, ({@code LIMIT}) if its frames are too large
     */
    static FrameFormat parse(String name) {
        if (name.equals("mjpeg")) {
            return new Mjpeg();
        }
        String raw = "rgb24:";
        int by = name.indexOf('x', raw.length());
        if (name.startsWith(raw) && by > 0) {
            try {
                int width = Integer.parseInt(name.substring(raw.length(), by));
                int height = Integer.parseInt(name.substring(by + 1));
                if (width > 0 && height > 0) {
                    DecodeLimits.defaults().requireSize(width, height);
                    return new Rgb24(width, height);
                }
            } catch (NumberFormatException e) {
                throw unknown(name).causedBy(e);
            }
        }
        throw unknown(name);
    }

    private static GlintException unknown(String name) {
        return GlintException.failure(
                Reason.USAGE,
                "--stream " + name,
                "mjpeg, or rgb24 with the size, as in rgb24:640x480",
                "name what the camera sends");
    }

    /** JPEG files one behind the other. */
    record Mjpeg() implements FrameFormat {
        @Override
        public FrameReader open(InputStream in, DecodeLimits limits) {
            return new MjpegFrameReader(in, limits);
        }
    }

    /** Three bytes a pixel, red first, row by row. */
    record Rgb24(int width, int height) implements FrameFormat {
        @Override
        public FrameReader open(InputStream in, DecodeLimits limits) {
            return new RawFrameReader(in, width, height, limits);
        }
    }
}
