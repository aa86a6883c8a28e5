package dev.glint.trainer.data;

import java.util.Random;

/** In which order pictures are seen. */
final class PictureOrder {
    private PictureOrder() {}

    /** 0 to {@code size - 1} in random order (Fisher, Yates). */
    static int[] shuffled(int size, Random random) {
        int[] order = inOrder(size);
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    /** 0 to {@code size - 1}. */
    static int[] inOrder(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        return order;
    }
}
