package dev.glint.trainer.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.console.Progress;
import dev.glint.trainer.data.SplitReview;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.run.Checkpoint;
import dev.glint.trainer.run.EpochJson;
import dev.glint.trainer.run.FitJob;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a person, and in the end a program, how a fit goes. */
final class FitReporter implements FitJob.Listener, AutoCloseable {
    private static final String SCHEMA = "glint.trainer.fit/1";

    private final PrintWriter lines;
    private final PrintWriter notes;
    private final int epochs;
    private final Interruption interruption;
    private final List<EpochMetrics> done = new ArrayList<>();
    private @Nullable String startNote;
    private @Nullable String choice;
    private volatile @Nullable EpochMetrics best;
    private @Nullable SplitReview review;
    private @Nullable Progress progress;
    private long parameters;
    private int stepsPerEpoch;
    private boolean fitted;

    FitReporter(PrintWriter lines, PrintWriter notes, int epochs, Interruption interruption) {
        this.lines = lines;
        this.notes = notes;
        this.epochs = epochs;
        this.interruption = interruption;
    }

    /** Has something said when the fit begins, so that a failure before it is the only line. */
    void noteAtStart(String note) {
        startNote = note;
    }

    /** Has what was chosen for the fit stand before its numbers. */
    void choiceAtStart(String line) {
        choice = line;
    }

    @Override
    public void noted(String note) {
        notes.println(note);
        notes.flush();
    }

    @Override
    public void resumed(Checkpoint checkpoint) {
        parameters = checkpoint.trainableParameters();
        done.addAll(checkpoint.epochs());
        best = checkpoint.best();
        lines.println(
                checkpoint.isFinished()
                        ? "all " + epochs + " epochs are done already"
                        : "going on after epoch " + done.size() + " of " + epochs);
        lines.flush();
    }

    @Override
    public void reviewed(SplitReview ofPictures) {
        review = ofPictures;
        ofPictures.warnings().forEach(warning -> noted("note: " + warning));
    }

    @Override
    public void started(long trainableParameters, int stepsPerEpoch) {
        this.parameters = trainableParameters;
        this.stepsPerEpoch = stepsPerEpoch;
        if (startNote != null) {
            noted(startNote);
        }
        lines.println("params=" + parameters);
        if (choice != null) {
            lines.println(choice);
        }
        lines.flush();
    }

    @Override
    public void stepped(int epoch, int step) {
        if (step == stepsPerEpoch) {
            interruption.judging();
        } else {
            interruption.check();
        }
        if (progress == null) {
            progress = new Progress("epoch " + epoch + "/" + epochs, stepsPerEpoch);
        }
        progress.stepTo(step);
        if (step == stepsPerEpoch) {
            close();
        }
    }

    @Override
    public void epochDone(EpochMetrics epoch, boolean isBest) {
        done.add(epoch);
        fitted = true;
        best = isBest ? epoch : best;
        lines.printf(
                Locale.ROOT,
                "epoch %d/%d  loss %.4f  held-out loss %.4f  held-out accuracy %.2f %%  %.1f s%n",
                epoch.epoch(),
                epochs,
                epoch.train().loss(),
                epoch.heldOut().loss(),
                100 * epoch.heldOut().accuracy(),
                epoch.seconds());
        lines.flush();
        interruption.stepping();
        interruption.check();
    }

    /** Whether an epoch was fitted. */
    boolean hasFitted() {
        return fitted;
    }

    /** What a person reads last. */
    String summary(Path folder) {
        EpochMetrics chosen = best;
        return chosen == null
                ? "no epoch was finished"
                : String.format(
                        Locale.ROOT,
                        "best epoch %d: %d of %d held-out pictures right (%.2f %%)%s; run folder %s",
                        chosen.epoch(),
                        chosen.heldOut().correct(),
                        chosen.heldOut().pictures(),
                        100 * chosen.heldOut().accuracy(),
                        role(folder),
                        folder);
    }

    private String role(Path folder) {
        SplitReview known = review;
        if (known == null) {
            return "";
        }
        return known.separateTest()
                ? ", which chose the epoch; trainer eval " + folder + " asks the test pictures, which did not"
                : ", " + known.role();
    }

    /** What can be done with what an interrupted fit leaves. May be called by any thread. */
    String wayOn(Path folder) {
        return best == null
                ? "no epoch was finished"
                : "the epochs that were finished are kept; go on with trainer fit --resume --run " + folder
                        + ", or look at them with trainer report " + folder;
    }

    /** What a program reads. */
    JsonObject json(Path folder) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("run", folder.toString());
        json.addProperty("params", parameters);
        JsonArray list = new JsonArray();
        done.forEach(epoch -> list.add(EpochJson.toJson(epoch)));
        json.add("epochs", list);
        EpochMetrics chosen = best;
        if (chosen != null) {
            json.addProperty("bestEpoch", chosen.epoch());
            json.addProperty("bestHeldOutAccuracy", chosen.heldOut().accuracy());
        }
        SplitReview known = review;
        if (known != null) {
            json.addProperty("separateTest", known.separateTest());
            json.add("warnings", warnings(known));
        }
        return json;
    }

    /** The warnings of a review as a list. */
    static JsonArray warnings(SplitReview review) {
        JsonArray warnings = new JsonArray();
        review.warnings().forEach(warnings::add);
        return warnings;
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }
}
