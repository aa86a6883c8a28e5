package dev.glint.trainer.data;

import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.augment.Draw;
import dev.glint.trainer.augment.PositionAugmentation;
import java.util.List;

/**
 * From where the pixels of an epoch's pictures come, for augmentations that only move rows and columns: what {@link
 * BatchStream#ofEpoch} does to the same pictures, as numbers for a device that does it to a batch at once.
 *
 * @param order the N pictures, in the order in which they are seen
 * @param rows (N, H), picture after picture: from which row of the picture each row comes
 * @param columns (N, W): the same for columns
 */
public record EpochPositions(int[] order, int[] rows, int[] columns) {

    /**
     * Draws the positions of an epoch.
     *
     * @param pictures N, how many there are
     * @param seed the run's seed, which with the epoch decides order and augmentation
     * @param augmentations which {@link Augmentations#ofPositions} knows
     */
    public static EpochPositions ofEpoch(
            int pictures, int height, int width, long seed, int epoch, Augmentations augmentations) {
        int[] order = PictureOrder.shuffled(pictures, RandomStream.SHUFFLE.open(seed, epoch));
        List<PositionAugmentation> moves = augmentations
                .ofPositions()
                .orElseThrow(() -> new IllegalArgumentException("positions of " + augmentations));
        EpochDraws draws = new EpochDraws(seed, epoch);
        EpochPositions positions = untouched(order, height, width);
        int[] rows = new int[height];
        int[] columns = new int[width];
        for (int place = 0; place < pictures; place++) {
            System.arraycopy(positions.rows, place * height, rows, 0, height);
            System.arraycopy(positions.columns, place * width, columns, 0, width);
            Draw draw = draws.forPicture(order[place]);
            moves.forEach(move -> move.move(rows, columns, draw));
            System.arraycopy(rows, 0, positions.rows, place * height, height);
            System.arraycopy(columns, 0, positions.columns, place * width, width);
        }
        return positions;
    }

    /** The positions of pictures that are seen in their order, as they are. */
    public static EpochPositions inOrder(int pictures, int height, int width) {
        return untouched(PictureOrder.inOrder(pictures), height, width);
    }

    private static EpochPositions untouched(int[] order, int height, int width) {
        int[] rows = new int[Math.multiplyExact(order.length, height)];
        int[] columns = new int[Math.multiplyExact(order.length, width)];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i % height;
        }
        for (int i = 0; i < columns.length; i++) {
            columns[i] = i % width;
        }
        return new EpochPositions(order, rows, columns);
    }
}
