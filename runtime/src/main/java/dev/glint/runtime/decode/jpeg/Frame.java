package dev.glint.runtime.decode.jpeg;

/** The picture as its frame header lays it out in MCUs and blocks. */
final class Frame {
    /** Columns and rows, as stored. */
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

    /** How many samples of the most finely sampled component a side of a block becomes: 8, or fewer by {@link #reduce}. */
    int blockSize;

    /** Columns and rows that are decoded. */
    int decodedWidth;

    int decodedHeight;

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
        reduce(8);
    }

    /**
     * Makes fewer samples of each block, and so a smaller picture. As libjpeg does, a component that is sampled more coarsely
     * in both directions is left larger for that, where it then needs less upsampling.
     *
     * @param size 1, 2, 4 or 8 samples a side, of the most finely sampled component
     */
    void reduce(int size) {
        blockSize = size;
        decodedWidth = Component.ceilDiv(width * size, 8);
        decodedHeight = Component.ceilDiv(height * size, 8);
        for (Component component : components) {
            int own = size;
            while (own < 8
                    && maxHorizontal * size % (component.horizontal * own * 2) == 0
                    && maxVertical * size % (component.vertical * own * 2) == 0) {
                own *= 2;
            }
            component.transform = BlockTransform.toSize(own);
            component.width = Component.ceilDiv(width * component.horizontal * own, maxHorizontal * 8);
            component.height = Component.ceilDiv(height * component.vertical * own, maxVertical * 8);
        }
    }

    /** Samples of a component that are upsampled together to {@link #maxHorizontal} columns of the picture. */
    int groupWidth(Component component) {
        return component.horizontal * component.transform.size() / blockSize;
    }

    /** Samples of a component that are upsampled together to {@link #maxVertical} rows of the picture. */
    int groupHeight(Component component) {
        return component.vertical * component.transform.size() / blockSize;
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
