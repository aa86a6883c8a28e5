package dev.glint.trainer.weights;

import java.util.List;

/**
 * What became of a file's weights.
 *
 * @param loaded names whose values came from the file
 * @param fresh names of the model's head that keep their first values, because the file has another number of classes
 * @param skipped names in the file that the model has no use for
 */
public record LoadReport(List<String> loaded, List<String> fresh, List<String> skipped) {
    public LoadReport {
        loaded = List.copyOf(loaded);
        fresh = List.copyOf(fresh);
        skipped = List.copyOf(skipped);
    }

    /** A sentence for people. */
    @Override
    public String toString() {
        String text = loaded.size() + " tensors loaded";
        if (!fresh.isEmpty()) {
            text += ", " + String.join(" and ", fresh) + " fresh, for other classes";
        }
        long ignored = skipped.stream().filter(name -> !fresh.contains(name)).count();
        return ignored == 0 ? text : text + ", " + ignored + " counters of batches ignored";
    }
}
