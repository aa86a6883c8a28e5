package dev.glint.runtime.decode.jpeg;

/** The picture as its frame header lays it out in MCUs and blocks. */
final class Frame {
    final int width;
    final int height;
    final boolean progressive;
    final Component[] components;

    /** The largest sampling factors: an MCU is so many blocks of the most finely sampled component wide and high. */
    final int maxHorizontal;

    final int maxVertical;

    /** MCUs of an interleaved scan. */
    final int mcusPerRow;

    final int mcuRows;

    Frame(FrameHeader header) {
        this.width = header.width();
        this.height = header.height();
        this.progressive = header.progressive();
        this.maxHorizontal = header.maxHorizontal();
        this.maxVertical = header.maxVertical();
        this.mcusPerRow = Component.ceilDiv(width, 8 * maxHorizontal);
        this.mcuRows = Component.ceilDiv(height, 8 * maxVertical);
        this.components = new Component[header.entries().size()];
        for (int i = 0; i < components.length; i++) {
            components[i] = new Component(header.entries().get(i), i, header);
        }
    }

    /** Blocks of all components. */
    long blocks() {
        long blocks = 0;
        for (Component component : components) {
            blocks += (long) component.blocksPerRow * component.blockRows;
        }
        return blocks;
    }
}
