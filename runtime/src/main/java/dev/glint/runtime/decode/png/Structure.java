package dev.glint.runtime.decode.png;

import dev.glint.runtime.decode.common.Damage;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.Arrays;
import java.util.Optional;

/** Everything a PNG file holds except pixels: its chunks are walked once, checked, and the few that matter are read. */
final class Structure {
    private static final int SIGNATURE_LENGTH = 8;

    private final Bytes bytes;
    private final DecodeOptions options;
    private final TextLimit textLimit;
    private final Header header;
    private byte[] palette = new byte[0];
    private Optional<Transparency> transparency = Optional.empty();
    private final Orientation orientation;
    private int firstImageData = -1;
    private boolean imageDataEnded;

    private Structure(Bytes bytes, DecodeOptions options) {
        this.bytes = bytes;
        this.options = options;
        this.textLimit = new TextLimit(bytes, options.limits().textChunkBytes());
        this.orientation = new Orientation(bytes);
        Chunk first = Chunk.read(bytes, SIGNATURE_LENGTH, options.lenient());
        if (!first.hasType("IHDR") || first.length() != Header.LENGTH) {
            throw Damage.found(
                    first.offset(), "chunk " + first.type() + " of " + first.length() + " bytes", "IHDR of 13 bytes");
        }
        this.header = Header.read(bytes, first.data(), options.limits());
        walk(first.end());
        if (firstImageData < 0) {
            throw Damage.truncated(bytes.length(), "a chunk IDAT");
        }
        if (header.colorType() == ColorType.PALETTE && palette.length == 0) {
            throw Damage.found(firstImageData, "image data without a palette", "a chunk PLTE before it");
        }
    }

    static Structure read(Bytes bytes, DecodeOptions options) {
        return new Structure(bytes, options);
    }

    private void walk(int offset) {
        try {
            Chunk chunk = Chunk.read(bytes, offset, options.lenient());
            while (!chunk.hasType("IEND")) {
                take(chunk);
                chunk = Chunk.read(bytes, chunk.end(), options.lenient());
            }
        } catch (GlintException e) {
            if (!options.lenient() || e.reason() == Reason.LIMIT) {
                throw e;
            }
        }
    }

    private void take(Chunk chunk) {
        imageDataEnded |= firstImageData >= 0 && !chunk.hasType("IDAT");
        switch (chunk.type()) {
            case "IDAT" -> imageData(chunk);
            case "PLTE" -> palette(chunk);
            case "tRNS" -> transparency(chunk);
            case "eXIf" -> orientation.takeExif(chunk);
            case "iCCP" -> textLimit.check(chunk);
            case "tEXt", "zTXt", "iTXt" -> {
                textLimit.check(chunk);
                orientation.takeText(chunk);
            }
            default -> {
                if (chunk.critical()) {
                    throw Damage.found(
                            chunk.offset(), "chunk " + chunk.type(), "known critical chunks, each where it may stand");
                }
            }
        }
    }

    private void imageData(Chunk chunk) {
        if (imageDataEnded) {
            throw Damage.found(chunk.offset(), "a chunk IDAT apart from the others", "consecutive ones");
        }
        if (firstImageData < 0) {
            firstImageData = chunk.offset();
        }
    }

    /** Colours without a palette carry one as a suggestion only. */
    private void palette(Chunk chunk) {
        if (header.colorType() != ColorType.PALETTE || firstImageData >= 0) {
            return;
        }
        if (chunk.length() == 0 || chunk.length() % 3 != 0 || palette.length > 0) {
            throw Damage.found(
                    chunk.offset(), "a chunk PLTE of " + chunk.length() + " bytes", "one, with 3 bytes per entry");
        }
        palette = Arrays.copyOfRange(bytes.array(), chunk.data(), chunk.data() + Math.min(chunk.length(), 3 * 256));
    }

    private void transparency(Chunk chunk) {
        ColorType type = header.colorType();
        if (!type.allowsTransparency() || firstImageData >= 0) {
            return;
        }
        if (type != ColorType.PALETTE && chunk.length() < 2 * type.channels()) {
            throw Damage.found(
                    chunk.offset(), "a chunk tRNS of " + chunk.length() + " bytes", 2 * type.channels() + " bytes");
        }
        transparency = Optional.of(Transparency.read(bytes, chunk, header));
    }

    Header header() {
        return header;
    }

    /** Red, green, blue per entry; empty unless the colour type is {@code PALETTE}. */
    byte[] palette() {
        return palette;
    }

    Optional<Transparency> transparency() {
        return transparency;
    }

    int orientation() {
        return orientation.find();
    }

    /** The byte at which the first IDAT chunk begins. */
    int firstImageData() {
        return firstImageData;
    }
}
