package dev.glint.runtime.decode.jpeg;

import dev.glint.runtime.image.Image;

/**
 * Turns the samples of each row of MCUs into rows of the picture. The last row group waits for the samples below it,
 * which the triangle filters look at.
 */
final class PictureWriter {
    private final Frame frame;
    private final SampleRows[] samples;
    private final Upsampler[] upsamplers;
    private final ColorConverter converter;
    private final Image.Mode mode;
    private final byte[] picture;
    private int mcuRow;
    private int nextRow;

    PictureWriter(Frame frame, ColorModel model) {
        this.frame = frame;
        this.samples = new SampleRows[frame.components.length];
        this.upsamplers = new Upsampler[frame.components.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = new SampleRows(frame, frame.components[i]);
            upsamplers[i] = new Upsampler(frame, frame.components[i], samples[i]);
        }
        this.converter = new ColorConverter(model, upsamplers, frame.decodedWidth);
        this.mode = ColorConverter.mode(model);
        this.picture = new byte[frame.decodedWidth * frame.decodedHeight * mode.channels()];
    }

    /** Takes the samples of a component. */
    SampleRows samples(Component component) {
        return samples[component.index];
    }

    /** Writes what can be written, now that a row of MCUs is complete. */
    void finishMcuRow() {
        mcuRow++;
        boolean last = mcuRow == frame.mcuRows;
        int end = last ? frame.decodedHeight : (frame.blockSize * mcuRow - 1) * frame.maxVertical;
        for (; nextRow < end; nextRow++) {
            for (Upsampler upsampler : upsamplers) {
                upsampler.upsample(nextRow);
            }
            converter.convert(picture, nextRow * frame.decodedWidth * mode.channels());
        }
        if (!last) {
            for (SampleRows rows : samples) {
                rows.advance();
            }
        }
    }

    /** The picture, once all rows of MCUs are there. */
    Image picture(int orientation) {
        return new Image(frame.decodedWidth, frame.decodedHeight, mode, orientation, picture);
    }
}
