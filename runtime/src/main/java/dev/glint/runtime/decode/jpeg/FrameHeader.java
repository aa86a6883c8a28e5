package dev.glint.runtime.decode.jpeg;

import dev.glint.runtime.decode.common.Damage;
import java.util.ArrayList;
import java.util.List;

/**
 * A frame header (T.81, B.2.2).
 *
 * @param marker which coding process, {@link Marker#SOF0} to {@link Marker#SOF15}
 * @param precision bits per sample
 * @param width columns
 * @param height rows
 * @param entries the components
 */
record FrameHeader(int marker, int precision, int width, int height, List<Entry> entries) {

    /** One component as the header gives it. */
    record Entry(int id, int horizontal, int vertical, int quantizationSlot) {}

    FrameHeader {
        entries = List.copyOf(entries);
    }

    /** Reads it; what it says is checked by {@link #requireDecodable}. */
    static FrameHeader read(Input in) {
        int marker = in.marker;
        int length = in.u16();
        int precision = in.u8();
        int height = in.u16();
        int width = in.u16();
        int count = in.u8();
        if (length != 8 + 3 * count) {
            throw in.broken(Marker.name(marker) + " of a wrong length", "a length that fits its components");
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = in.u8();
            int factors = in.u8();
            entries.add(new Entry(id, factors >> 4, factors & 15, in.u8()));
        }
        return new FrameHeader(marker, precision, width, height, entries);
    }

    /** Refuses by its name what this decoder does not decode, and what makes no sense. */
    void requireDecodable(Input in) {
        requireProcess();
        String process = Marker.name(marker);
        if (height == 0) {
            throw Damage.unsupported(
                    "a JPEG that gives its height behind the pixels (DNL)", "the height in " + process);
        }
        if (width == 0) {
            throw in.broken(process + " without columns", "a picture");
        }
        if (entries.size() != 1 && entries.size() != 3 && entries.size() != 4) {
            throw Damage.unsupported("a JPEG of " + entries.size() + " components", "1 (gray), 3 (colour) or 4 (CMYK)");
        }
        requireFactors(in);
    }

    private void requireProcess() {
        String kind = switch (marker) {
            case Marker.SOF0, Marker.SOF1, Marker.SOF2 -> "";
            case Marker.SOF3 -> "a lossless JPEG";
            case Marker.SOF9, Marker.SOF10 -> "a JPEG with arithmetic coding";
            case Marker.SOF11 -> "a lossless JPEG with arithmetic coding";
            default -> "a hierarchical JPEG";
        };
        String found = kind.isEmpty() ? "a JPEG of " + precision + " bits per sample" : kind;
        if (!kind.isEmpty() || precision != 8) {
            throw Damage.unsupported(
                    found + " (" + Marker.name(marker) + ")",
                    "a baseline or progressive Huffman JPEG of 8 bits per sample");
        }
    }

    private void requireFactors(Input in) {
        for (Entry entry : entries) {
            requireFactor(in, entry.horizontal);
            requireFactor(in, entry.vertical);
        }
        for (Entry entry : entries) {
            if (maxHorizontal() % entry.horizontal != 0 || maxVertical() % entry.vertical != 0) {
                throw Damage.unsupported(
                        "a JPEG with a component sampled at " + entry.horizontal + "x" + entry.vertical + " of "
                                + maxHorizontal() + "x" + maxVertical(),
                        "a whole ratio");
            }
        }
    }

    private static void requireFactor(Input in, int factor) {
        if (factor < 1 || factor > 4) {
            throw in.broken("sampling factor " + factor, "1 to 4");
        }
    }

    boolean progressive() {
        return marker == Marker.SOF2;
    }

    int maxHorizontal() {
        return entries.stream().mapToInt(Entry::horizontal).max().orElse(1);
    }

    int maxVertical() {
        return entries.stream().mapToInt(Entry::vertical).max().orElse(1);
    }
}
