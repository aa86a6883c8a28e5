package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.trainer.data.SplitReview;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.fit.Score;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person reads of a fit of two steps an epoch that goes well, or that is interrupted. */
class FitReporterTest {
    private static final EpochMetrics EPOCH =
            new EpochMetrics(1, new Score(8, 4, 0.5), new Score(4, 3, 0.25), 0.1, 2_000, 1_000);
    private static final Path RUN = Path.of("runs/a");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Interruption interruption = new Interruption(new PrintWriter(err));
    private final FitReporter reporter = new FitReporter(new PrintWriter(out), new PrintWriter(err), 3, interruption);

    @BeforeEach
    void start() {
        reporter.started(100, 2);
    }

    @AfterEach
    void close() {
        reporter.close();
        interruption.close();
    }

    @Test
    void anInterruptionIsAnsweredAtOnceAndEndsTheStep() {
        reporter.stepped(1, 1);
        interruption.request();
        assertEquals(
                "interrupted: waiting for what is being done, 5 seconds at most",
                err.toString().strip());
        assertThrows(Interruption.InterruptedWork.class, () -> reporter.stepped(2, 1));
        assertEquals("no epoch was finished", reporter.wayOn(RUN));
    }

    /** All its steps are made: to throw it away would cost more than to judge it. */
    @Test
    void anEpochThatIsBeingJudgedIsKept() {
        reporter.stepped(1, 1);
        reporter.stepped(1, 2);
        interruption.request();
        assertEquals(
                "interrupted: waiting for the epoch to be judged and written, 60 seconds at most",
                err.toString().strip());
        assertThrows(Interruption.InterruptedWork.class, () -> reporter.epochDone(EPOCH, true));
        assertTrue(out.toString().contains("epoch 1/3"), out.toString());
        assertEquals(
                "the epochs that were finished are kept; go on with trainer fit --resume --run runs/a, or look at them"
                        + " with trainer report runs/a",
                reporter.wayOn(RUN));
    }

    @Test
    void anInterruptionInTheLastStepOfAnEpochKeepsTheEpoch() {
        reporter.stepped(1, 1);
        interruption.request();
        assertDoesNotThrow(() -> reporter.stepped(1, 2));
        assertThrows(Interruption.InterruptedWork.class, () -> reporter.epochDone(EPOCH, true));
    }

    @Test
    void theLastLineSaysWhetherThePicturesChoseTheEpoch() {
        reporter.reviewed(review(false, 2));
        assertEquals(
                "note: 2 of 4 held-out pictures are copies of training pictures, and prove nothing",
                err.toString().strip());
        reporter.epochDone(EPOCH, true);
        assertEquals(
                "best epoch 1: 3 of 4 held-out pictures right (75.00 %), which also chose the epoch; run folder runs/a",
                reporter.summary(RUN));
        assertTrue(reporter.json(RUN).toString().contains("\"separateTest\":false,\"warnings\":[\"2 of 4 "));
        reporter.reviewed(review(true, 0));
        assertTrue(
                reporter.summary(RUN)
                        .contains("which chose the epoch; trainer eval runs/a asks the test pictures, which did not;"),
                reporter.summary(RUN));
    }

    private static SplitReview review(boolean separateTest, int copies) {
        return new SplitReview(
                List.of("a", "b"),
                List.of(4, 4),
                List.of(2, 2),
                separateTest ? "test" : "held-out",
                separateTest,
                copies,
                8,
                false);
    }
}
