package dev.glint.onnx.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.quantize.calibrate.NarrowerRanges.Candidate;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the calibrators find, found once more by their definitions. */
class CalibratorsBySearchTest {
    private static final List<TensorScheme> SCHEMES =
            List.of(TensorScheme.ACTIVATION_U8, TensorScheme.ACTIVATION_S8, TensorScheme.ACTIVATION_S8_SYMMETRIC);

    @Test
    void entropyIsTheLeastOfAllDivergences() {
        Random random = new Random(1);
        for (int trial = 0; trial < 12; trial++) {
            TensorStatistics seen = statistics(random, 1_500);
            Range whole = seen.extremes();
            for (TensorScheme scheme : SCHEMES) {
                Range expected =
                        NarrowerRanges.of(
                                        share -> scaled(whole, share),
                                        scheme,
                                        seen.histogram().width())
                                .stream()
                                .min(Comparator.comparingDouble(candidate -> divergence(candidate, seen.histogram())))
                                .orElseThrow()
                                .range();
                assertEquals(expected, Calibrator.ENTROPY.range(seen, scheme));
            }
        }
    }

    private static Range scaled(Range whole, double share) {
        return new Range((float) (whole.min() * share), (float) (whole.max() * share));
    }

    /** Of bins by the integer that each is rounded to. */
    private static double divergence(Candidate candidate, Histogram histogram) {
        TreeMap<Integer, Long> bins = new TreeMap<>();
        for (int bin = 0; bin < histogram.counts().length; bin++) {
            long level = level(candidate, histogram, bin);
            if (level >= -candidate.below() && level <= candidate.above()) {
                bins.put(bin, histogram.counts()[bin]);
            }
        }
        if (bins.isEmpty()) {
            return Double.POSITIVE_INFINITY;
        }
        Map<Integer, Long> seen = new TreeMap<>(bins);
        for (int bin = 0; bin < histogram.counts().length; bin++) {
            if (bin < bins.firstKey()) {
                seen.merge(bins.firstKey(), histogram.counts()[bin], Long::sum);
            } else if (bin > bins.lastKey()) {
                seen.merge(bins.lastKey(), histogram.counts()[bin], Long::sum);
            }
        }
        Map<Long, List<Integer>> alike = bins.keySet().stream()
                .filter(bin -> seen.get(bin) > 0)
                .collect(Collectors.groupingBy(bin -> level(candidate, histogram, bin)));
        double total = sum(seen.values());
        double inside = Math.max(0.5, sum(bins.values()));
        return alike.values().stream()
                .mapToDouble(ofOneInteger -> {
                    double left = sum(ofOneInteger.stream().map(bins::get).toList()) / ofOneInteger.size();
                    return ofOneInteger.stream()
                            .mapToDouble(seen::get)
                            .map(count -> count / total * Math.log(count / total / (Math.max(left, 0.5) / inside)))
                            .sum();
                })
                .sum();
    }

    private static double sum(Collection<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    private static long level(Candidate candidate, Histogram histogram, int bin) {
        return Math.round(histogram.middle(bin) / candidate.encoding().scale());
    }

    @Test
    void percentileIsTheNearestEdgeBeyondWhichNoMoreThanItsShareLies() {
        Random random = new Random(2);
        for (int trial = 0; trial < 60; trial++) {
            TensorStatistics seen = statistics(random, 20 + random.nextInt(60));
            Histogram histogram = seen.histogram();
            Range whole = seen.extremes();
            double percent = 51 + random.nextInt(50);
            double share = histogram.total() * (100 - percent) / 100;
            Calibrator calibrator = Calibrator.percentile(percent);

            double reach = least(histogram, share, (edge, bin) -> far(histogram, bin) > edge);
            Range symmetric = new Range((float) Math.max(whole.min(), Math.min(-reach, whole.max())), (float)
                    Math.min(whole.max(), Math.max(reach, whole.min())));
            assertEquals(reach == 0 ? whole : symmetric, calibrator.range(seen, TensorScheme.ACTIVATION_S8_SYMMETRIC));

            double each = whole.min() >= 0 || whole.max() <= 0 ? share : share / 2;
            double above = least(histogram, each, (edge, bin) -> histogram.start(bin + 1) > edge);
            double below = least(histogram, each, (edge, bin) -> -histogram.start(bin) > edge);
            float min = whole.min() >= 0 ? whole.min() : (float) Math.max(whole.min(), -below);
            float max = whole.max() <= 0 ? whole.max() : (float) Math.min(whole.max(), above);
            Range expected = min == 0 && max == 0 ? whole : new Range(min, max);
            Range found = calibrator.range(seen, TensorScheme.ACTIVATION_U8);
            assertTrue(
                    expected.min() == found.min() && expected.max() == found.max(),
                    () -> found + " for " + expected + " at " + percent);
        }
    }

    private interface Outside {
        boolean is(double edge, int bin);
    }

    /** The least edge, 0 or farther, outside of which lie no more elements than these. */
    private static double least(Histogram histogram, double share, Outside outside) {
        return IntStream.rangeClosed(0, histogram.counts().length)
                .mapToDouble(bin -> Math.abs(histogram.start(bin)))
                .sorted()
                .filter(edge -> IntStream.range(0, histogram.counts().length)
                                .filter(bin -> outside.is(edge, bin))
                                .mapToLong(bin -> histogram.counts()[bin])
                                .sum()
                        <= share)
                .findFirst()
                .orElseThrow();
    }

    private static double far(Histogram histogram, int bin) {
        return Math.max(histogram.start(bin + 1), -histogram.start(bin));
    }

    @Test
    void meanSquareMovesEachEndByItself() {
        Random random = new Random(3);
        float[] elements = new float[1_000_000];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = (float) random.nextDouble() * 2 - 1;
        }
        elements[9] = 5;
        Range rareAbove =
                Calibrator.MSE.range(StreamedStatisticsTest.statistics(elements, 10_000), TensorScheme.ACTIVATION_U8);
        assertEquals(-1, rareAbove.min(), 0.05);
        assertTrue(rareAbove.max() >= 0.98 && rareAbove.max() < 3, rareAbove::toString);

        elements[9] = -5;
        Range rareBelow =
                Calibrator.MSE.range(StreamedStatisticsTest.statistics(elements, 10_000), TensorScheme.ACTIVATION_U8);
        assertEquals(1, rareBelow.max(), 0.05);
        assertTrue(rareBelow.min() <= -0.98 && rareBelow.min() > -3, rareBelow::toString);
    }

    private static TensorStatistics statistics(Random random, int size) {
        float[] elements = new float[size];
        int kind = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            double element = random.nextGaussian();
            elements[i] = (float)
                    switch (kind) {
                        case 0 -> element * element * element;
                        case 1 -> Math.max(0, element);
                        case 2 -> -Math.abs(element);
                        // Few whole numbers: edges that elements lie on, zeros, bins as full as others.
                        default -> random.nextInt(15) - 7;
                    };
        }
        return StreamedStatisticsTest.statistics(elements, 64);
    }
}
