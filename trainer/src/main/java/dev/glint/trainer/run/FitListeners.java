package dev.glint.trainer.run;

import dev.glint.trainer.data.SplitReview;
import dev.glint.trainer.fit.EpochMetrics;
import java.util.List;

/** Several listeners as one; each is told in their order. */
public record FitListeners(List<FitJob.Listener> all) implements FitJob.Listener {
    public FitListeners {
        all = List.copyOf(all);
    }

    @Override
    public void noted(String note) {
        all.forEach(listener -> listener.noted(note));
    }

    @Override
    public void resumed(Checkpoint checkpoint) {
        all.forEach(listener -> listener.resumed(checkpoint));
    }

    @Override
    public void reviewed(SplitReview review) {
        all.forEach(listener -> listener.reviewed(review));
    }

    @Override
    public void configured(RunConfig config) {
        all.forEach(listener -> listener.configured(config));
    }

    @Override
    public void started(long trainableParameters, int stepsPerEpoch) {
        all.forEach(listener -> listener.started(trainableParameters, stepsPerEpoch));
    }

    @Override
    public void stepped(int epoch, int step) {
        all.forEach(listener -> listener.stepped(epoch, step));
    }

    @Override
    public void epochDone(EpochMetrics epoch, boolean best) {
        all.forEach(listener -> listener.epochDone(epoch, best));
    }
}
