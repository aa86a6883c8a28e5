package dev.glint.runtime.decode.format;

/**
 * What the header of a picture says, as stored: before any orientation is applied.
 *
 * @param format the file's format
 * @param width columns
 * @param height rows
 * @param mode the pixels in the file, by the names Pillow 9.4 gives them: {@code 1}, {@code L}, {@code LA}, {@code P},
 *     {@code RGB}, {@code RGBA}, {@code I} (16-bit gray), {@code CMYK}
 * @param orientation the EXIF orientation tag, 1 (upright, or no such tag) to 8
 */
public record ImageInfo(ImageFormat format, int width, int height, String mode, int orientation) {}
