package dev.glint.runtime.frame;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.raw.PixelFormat;
import dev.glint.runtime.decode.raw.RawPixels;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Frames of 8-bit red, green, blue, row by row from the top, without headers or gaps. */
public final class RawFrameReader implements FrameReader {
    private final InputStream in;
    private final int width;
    private final int height;
    private final int bytes;
    private boolean ended;

    /**
     * Reads nothing yet.
     *
     * @param in stays open
     * @throws GlintException ({@code LIMIT}) if frames of that size exceed a limit
     * @throws IllegalArgumentException if a side is not positive
     */
    public RawFrameReader(InputStream in, int width, int height, DecodeLimits limits) {
        limits.requireSize(width, height);
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(width + "x" + height);
        }
        this.in = in;
        this.width = width;
        this.height = height;
        this.bytes = width * height * Mode.RGB.channels();
    }

    @Override
    public Optional<Frame> next() throws IOException {
        byte[] frame = ended ? new byte[0] : in.readNBytes(bytes);
        ended |= frame.length < bytes;
        if (frame.length == 0) {
            return Optional.empty();
        }
        if (ended) {
            throw GlintException.failure(
                    Reason.INPUT,
                    "a last frame of " + frame.length + " bytes",
                    bytes + " bytes, " + width + "x" + height + "x" + Mode.RGB.channels(),
                    "check the size that the camera is set to");
        }
        return Optional.of(options -> {
            options.limits().requireSize(width, height);
            return new RawPixels(PixelFormat.RGB, width, height, frame).toImage();
        });
    }
}
