package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.fit.RangeTest.Point;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.preset.Preset;
import dev.glint.trainer.run.RangeTestJob;
import dev.glint.trainer.run.RunConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RangeTestTest {
    private static final RunConfig CONFIG = RunConfig.fromScratch(
            Architecture.BAR_CNN,
            PictureSelection.whole(DataSpec.parse("bars"), 7).limitedTo(200),
            Preset.COURSE.recipe(Architecture.BAR_CNN),
            1,
            Map.of());

    /** 41 points from 1e-4 to 1, ten for each factor of 10, with a loss that depends on the exponent. */
    private static RangeTest curve(DoubleUnaryOperator loss) {
        List<Point> points = IntStream.rangeClosed(0, 40)
                .mapToObj(i -> new Point(Math.pow(10, i / 10.0 - 4), loss.applyAsDouble(i / 10.0 - 4)))
                .toList();
        return new RangeTest(points, Math.log(10));
    }

    @Test
    void findsTheSteepestFallAndTheLowestLoss() {
        // A logistic fall around 10^-2.5, then a shallow one to 10^-1, then a rise.
        RangeTest test = curve(x -> 2 / (1 + Math.exp(6 * (x + 2.5))) + (x > -1 ? 3 * (x + 1) : 0.5 * (-1 - x)));
        assertEquals(-2.5, Math.log10(test.suggestion()), 1e-9);
        // The mean reaches into the rise four steps ahead, so the lowest one lies a little before.
        assertEquals(-1.2, Math.log10(test.limit()), 0.11);
    }

    /** 100 points from 1e-5 to 10: a plateau, a logistic fall by 1 around 10^-1.5, a rise from 10^-0.5 on, and noise. */
    private static RangeTest noisy(long seed, double fall, double noise) {
        Random random = new Random(seed);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            double x = -5 + 6 * i / 99.0;
            double rise = x > -0.5 ? 8 * fall * (x + 0.5) * (x + 0.5) : 0;
            double loss = 2.3 - fall / (1 + Math.exp(-5 * (x + 1.5))) + rise;
            points.add(new Point(Math.pow(10, x), loss + noise * random.nextGaussian()));
        }
        return new RangeTest(points, Math.log(10));
    }

    @Test
    void noiseOnThePlateauDecidesNothing() {
        for (int seed = 0; seed < 200; seed++) {
            double exponent = Math.log10(noisy(seed, 1, 0.25).suggestion());
            assertTrue(exponent > -2.1 && exponent < -0.5, "10^" + exponent + " with seed " + seed);
        }
    }

    @Test
    void noiseAloneIsMostlyNoFall() {
        int refused = 0;
        for (int seed = 0; seed < 100; seed++) {
            try {
                noisy(seed, 0, 0.25).suggestion();
            } catch (GlintException e) {
                refused++;
            }
        }
        assertTrue(refused >= 55, refused + " of 100 refused");
    }

    /** What trainings gave; the first line of each file says which. */
    @ParameterizedTest
    @CsvSource({
        "range-small-vgg.tsv, 5e-4, 5e-3",
        "range-resnet8.tsv, 5e-3, 0.12",
        "range-small-vgg-128.tsv, 3e-3, 0.02"
    })
    void recordedTestsSuggestARateBehindThePlateau(String file, double least, double most) throws IOException {
        List<Point> points;
        try (InputStream in = Objects.requireNonNull(RangeTestTest.class.getResourceAsStream(file), file)) {
            points = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split("\t"))
                    .map(row -> new Point(Double.parseDouble(row[0]), Double.parseDouble(row[1])))
                    .toList();
        }
        double suggestion = new RangeTest(points, Math.log(10)).suggestion();
        assertTrue(suggestion > least && suggestion < most, Double.toString(suggestion));
    }

    @Test
    void whatFirstWeightsLoseAgainstGuessingIsNotLearnt() {
        // A steep fall from 2.9 to ln(10) around 10^-3.2, a shallower one around 10^-1.6.
        RangeTest test =
                curve(x -> Math.log(10) + 0.6 / (1 + Math.exp(8 * (x + 3.2))) - 0.5 / (1 + Math.exp(-6 * (x + 1.6))));
        assertEquals(-1.6, Math.log10(test.suggestion()), 0.11);
    }

    @Test
    void smoothingShiftsNothing() {
        RangeTest test = curve(x -> 5 - x);
        double[] smoothed = test.smoothed();
        for (int i = 0; i < smoothed.length; i++) {
            assertEquals(test.points().get(i).loss(), smoothed[i], 1e-12);
        }
    }

    @Test
    void aLossThatOnlyRisesSuggestsNothing() {
        assertThrows(GlintException.class, () -> curve(x -> x).suggestion());
    }

    @Test
    void aRealTestRepeatsItself() throws IOException {
        int[] done = new int[1];
        RangeTest test = RangeTestJob.run(CONFIG, 1e-4, 1, 30, steps -> done[0] = steps, note -> {});
        assertEquals(done[0], test.points().size());
        assertEquals(1e-4, test.points().get(0).learningRate(), 1e-12);
        assertTrue(test.suggestion() > 1e-4 && test.suggestion() < test.limit());
        assertEquals(test, RangeTestJob.run(CONFIG, 1e-4, 1, 30, steps -> {}, note -> {}));
    }

    @Test
    void aRateThatIsFarTooHighIsSaid() {
        GlintException failure = assertThrows(
                GlintException.class, () -> RangeTestJob.run(CONFIG, 1e4, 1e5, 20, steps -> {}, note -> {}));
        assertEquals(GlintException.Reason.GATE, failure.reason());
    }
}
