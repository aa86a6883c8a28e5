package dev.glint.exporter.job;

import dev.glint.exporter.verify.Agreement;
import dev.glint.onnx.quantize.calibrate.CalibrationPictures;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.evaluate.NoisePictures;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Compares a quantised model with the one that it was made of, whether there are labels or not. The pictures are those
 * that accuracy is measured with; without them noise, which tells ranges that are too narrow, and others than the ranges
 * were found with, or without any these very pictures.
 *
 * @param name of the quantised variant
 */
record AgreementCheck(String name, Model floats, Model integers, JobListener listener) {
    private static final int MAX_PICTURES = 100;

    /** What is shown at most: 50 pictures of 224 x 224 in colour. */
    private static final int MAX_ELEMENTS = 50 * 3 * 224 * 224;

    private static final int LEAST_PICTURES = 10;

    /** What most recipes calibrate with at least. */
    private static final int FEW_PICTURES = 32;

    /**
     * Compares the models.
     *
     * @throws dev.glint.runtime.failure.GlintException ({@code GATE}) if nothing is left of the model
     */
    Agreement run(Optional<TestSet> test, CalibrationPictures calibration) {
        Agreement agreement = test.map(this::tested).orElseGet(() -> untested(calibration));
        agreement.requireNoCollapse();
        if (!agreement.isClose()) {
            listener.warn(name + " " + agreement + "; calibrate with more or other pictures, or ship fp32");
        }
        return agreement;
    }

    private Agreement tested(TestSet test) {
        int size = test.pictures().size();
        DecodeOptions options = floats.contract().decodeOptions();
        int count = Math.min(maxPictures(), size);
        int[] chosen = chosen(size, count);
        return measure(test.name(), count, i -> test.pictures().picture(chosen[i], options));
    }

    /** Not every n-th: where classes take turns those may all be of one. */
    static int[] chosen(int size, int count) {
        return Arrays.stream(shuffled(size)).limit(count).sorted().toArray();
    }

    /** The numbers from 0 to {@code size - 1}, in the same random order each time. */
    static int[] shuffled(int size) {
        List<Integer> all = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        Collections.shuffle(all, new Random(1));
        return all.stream().mapToInt(index -> index).toArray();
    }

    private Agreement untested(CalibrationPictures calibration) {
        NoisePictures noise = new NoisePictures(floats.contract());
        measure("noise", noise.size(), noise::picture).requireWideRanges();
        int[] heldOut = calibration.heldOut();
        if (heldOut.length > 0) {
            String source = calibration.source() + ", pictures held out from calibration";
            int count = Math.min(maxPictures(), heldOut.length);
            return measure(source, count, i -> calibration.pictures().apply(heldOut[i]));
        }
        listener.warn(name + " is compared with fp32 on noise and on its own calibration pictures, since "
                + calibration.source() + " has no others; name test pictures with --data, or fewer --samples");
        int count = Math.min(maxPictures(), calibration.indices().length);
        return measure(
                calibration.source() + ", the calibration pictures themselves",
                count,
                i -> calibration.pictures().apply(calibration.indices()[i]));
    }

    private int maxPictures() {
        int affordable = MAX_ELEMENTS / floats.contract().tensorSize();
        return Math.max(LEAST_PICTURES, Math.min(MAX_PICTURES, affordable));
    }

    private Agreement measure(String source, int count, IntFunction<Image> pictures) {
        AtomicInteger shown = new AtomicInteger();
        return Agreement.measure(floats, integers, source, count, i -> {
            listener.step("agreement", shown.getAndIncrement(), count);
            return pictures.apply(i);
        });
    }

    /** Warns of pictures that say too little of the values that the model will see. */
    static void warnOf(CalibrationPictures pictures, Map<String, Range> ranges, JobListener listener) {
        int count = pictures.indices().length;
        if (count < FEW_PICTURES) {
            listener.warn(
                    "ranges come from " + (count == 1 ? "one calibration picture" : count + " calibration pictures")
                            + "; " + FEW_PICTURES
                            + " or more of the kind that the model will see give better ones");
        }
        if (Arrays.stream(pictures.indices()).mapToObj(pictures.pictures()).allMatch(AgreementCheck::isOfOneColor)) {
            listener.warn("all calibration pictures are of a single colour each");
            return;
        }
        List<String> constant = ranges.entrySet().stream()
                .filter(seen -> seen.getValue().min() == seen.getValue().max())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (!constant.isEmpty()) {
            listener.warn(constant.size() + " of " + ranges.size()
                    + " values are the same everywhere in all calibration pictures, such as " + constant.get(0)
                    + "; the model may have dead layers, or the pictures may be too much alike");
        }
    }

    private static boolean isOfOneColor(Image picture) {
        byte[] samples = picture.samples();
        int channels = picture.mode().channels();
        return IntStream.range(channels, samples.length).allMatch(i -> samples[i] == samples[i - channels]);
    }
}
