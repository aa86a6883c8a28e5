package dev.glint.runtime.decode.format;

import dev.glint.runtime.image.Size;

/** The size that a picture is made smaller to once it is decoded, so that a decoder may decode fewer pixels in the first place. */
public interface TargetSize {

    /**
     * The columns and rows that are needed at least, as Pillow's {@code Image.draft} takes them; the picture's own if it must be
     * decoded whole.
     *
     * @param width columns, as stored
     * @param height rows, as stored
     * @param orientation the EXIF orientation tag, 1 to 8
     * @return columns and rows as stored, too
     */
    Size targetSize(int width, int height, int orientation);
}
