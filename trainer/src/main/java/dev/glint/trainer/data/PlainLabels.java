package dev.glint.trainer.data;

import java.util.Objects;

/**
 * The classes of pictures that are not mixed: a part of a longer list.
 *
 * @param all the classes of all pictures; not copied
 * @param start where the part begins
 * @param size how many pictures the part has
 */
public record PlainLabels(int[] all, int start, int size) implements Labels {
    public PlainLabels {
        Objects.checkFromIndexSize(start, size, all.length);
    }

    @Override
    public boolean mixed() {
        return false;
    }

    @Override
    public int firstLabel(int place) {
        return all[start + Objects.checkIndex(place, size)];
    }

    @Override
    public int otherLabel(int place) {
        return firstLabel(place);
    }

    @Override
    public float share(int place) {
        return 1;
    }
}
