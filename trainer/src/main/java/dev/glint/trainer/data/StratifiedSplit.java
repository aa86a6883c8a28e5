package dev.glint.trainer.data;

import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides a set in two by a seed, each class in the same proportion, so that both parts know every class.
 *
 * @param train the larger part, in random order
 * @param heldOut the smaller part, in random order
 */
record StratifiedSplit(PictureSet train, PictureSet heldOut) {

    /**
     * Holds out a share of each class, rounded, but at least one picture and not all.
     *
     * @param share above 0, below 1
     * @throws GlintException ({@code INPUT}) naming a class that has one picture only
     */
    static StratifiedSplit draw(PictureSet all, List<String> labels, double share, long seed) {
        List<List<Integer>> classes = new ArrayList<>();
        labels.forEach(label -> classes.add(new ArrayList<>()));
        for (int i = 0; i < all.size(); i++) {
            classes.get(all.label(i)).add(i);
        }
        List<Integer> train = new ArrayList<>();
        List<Integer> heldOut = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            List<Integer> pictures = classes.get(label);
            if (pictures.isEmpty()) {
                continue;
            }
            if (pictures.size() == 1) {
                throw GlintException.failure(
                        Reason.INPUT,
                        "one picture of the class '" + labels.get(label) + "'",
                        "two or more, one to learn from and one to judge by",
                        "add pictures or leave the class out");
            }
            int held = Math.min(pictures.size() - 1, Math.max(1, (int) Math.rint(share * pictures.size())));
            int[] order = PictureOrder.shuffled(pictures.size(), RandomStream.SPLIT.open(seed, label));
            for (int i = 0; i < order.length; i++) {
                (i < held ? heldOut : train).add(pictures.get(order[i]));
            }
        }
        return new StratifiedSplit(
                shuffled(all, train, seed, labels.size()), shuffled(all, heldOut, seed, labels.size() + 1));
    }

    private static PictureSet shuffled(PictureSet all, List<Integer> indices, long seed, int stream) {
        int[] order = PictureOrder.shuffled(indices.size(), RandomStream.SPLIT.open(seed, stream));
        for (int i = 0; i < order.length; i++) {
            order[i] = indices.get(order[i]);
        }
        return new Subset(all, order);
    }
}
