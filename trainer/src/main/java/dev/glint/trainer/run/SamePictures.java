package dev.glint.trainer.run;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.data.SplitDigest;
import dev.glint.trainer.fit.EpochMetrics;
import java.util.List;
import java.util.Optional;

/** Whether pictures are those that a run was fitted to, as far as can be seen without their content. */
final class SamePictures {
    private SamePictures() {}

    /**
     * Checks all of that.
     *
     * @param config of the run
     * @param labels the classes of the run
     * @param epoch of the run; empty in runs from before pictures were counted
     * @throws GlintException ({@code INPUT}) naming the first that differs
     */
    static void require(RunConfig config, List<String> labels, Optional<EpochMetrics> epoch, DataSplit now) {
        requireLabels(config.data(), now, labels);
        epoch.ifPresent(counted -> requireCounts(config.data(), now, counted));
        requireNames(config.pictures(), now);
    }

    /**
     * Checks the classes.
     *
     * @throws GlintException ({@code INPUT}) if they are others
     */
    private static void requireLabels(DataSpec spec, DataSplit now, List<String> labels) {
        if (!now.labels().equals(labels)) {
            throw changed(spec, "classes " + now.labels(), labels.toString());
        }
    }

    /**
     * Checks how many pictures there are: with one more or less a seed draws another split.
     *
     * @param epoch of the run
     * @throws GlintException ({@code INPUT}) if it saw more or fewer
     */
    private static void requireCounts(DataSpec spec, DataSplit now, EpochMetrics epoch) {
        int train = epoch.train().pictures();
        int heldOut = epoch.heldOut().pictures();
        if (now.train().size() != train || now.heldOut().size() != heldOut) {
            throw changed(
                    spec,
                    now.train().size() + " training and " + now.heldOut().size() + " held-out pictures",
                    train + " and " + heldOut);
        }
    }

    /**
     * Checks what they are called: with others in their place, if as many, a seed draws another split.
     *
     * @param begun those of the run
     * @throws GlintException ({@code INPUT}) if they have other names
     */
    private static void requireNames(PictureSelection begun, DataSplit now) {
        String names = begun.namesSha256();
        if (names != null && !names.equals(SplitDigest.ofNames(begun.spec(), now))) {
            throw changed(begun.spec(), "as many pictures of other names", "the same files in the same class folders");
        }
    }

    /** The failure that names what has changed. */
    static GlintException changed(DataSpec spec, String found, String expected) {
        return GlintException.failure(
                        Reason.INPUT,
                        found,
                        expected + " as when the run began",
                        "bring the pictures back, or fit the run again with --force")
                .about(spec.toString());
    }
}
