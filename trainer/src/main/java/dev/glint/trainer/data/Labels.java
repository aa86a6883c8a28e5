package dev.glint.trainer.data;

/**
 * The classes of the pictures of a batch. Where pictures are {@link #mixed}, each has two: {@link #share} of the first,
 * the rest of the other.
 */
public interface Labels {

    /** How many pictures there are: N. */
    int size();

    /** Whether pictures are mixed; if not, each has one class. */
    boolean mixed();

    /** The first class of the picture at a place of the batch, whatever its share. */
    int firstLabel(int place);

    /** The second class of the picture at a place of the batch; the first one where nothing is mixed. */
    int otherLabel(int place);

    /** The share of the first class of the picture at a place of the batch, 0 to 1. */
    float share(int place);

    /** The class of the picture at a place of the batch; of a mixed one the class with the larger share. */
    default int label(int place) {
        return share(place) < 0.5f ? otherLabel(place) : firstLabel(place);
    }
}
