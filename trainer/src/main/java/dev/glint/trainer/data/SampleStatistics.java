package dev.glint.trainer.data;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Mean and standard deviation of the samples of pictures, per channel, over scaled samples. Counted in integers, so
 * neither order nor rounding matters; given with six decimals.
 *
 * @param mean one value per channel
 * @param std of the whole population; where all samples are equal, the width of one step of a sample
 */
record SampleStatistics(List<Double> mean, List<Double> std) {

    /** Those of all pictures as the contract's steps leave them. */
    static SampleStatistics measure(PictureSet pictures, PreprocessContract contract) {
        Preprocessor preprocessor = new Preprocessor(contract);
        int channels = contract.channels();
        long[][] counts = new long[channels][256];
        for (int i = 0; i < pictures.size(); i++) {
            byte[] samples = pictures.pixels(i, preprocessor).samples();
            for (int at = 0; at < samples.length; at++) {
                counts[at % channels][samples[at] & 0xff]++;
            }
        }
        List<Double> mean = new ArrayList<>();
        List<Double> std = new ArrayList<>();
        for (long[] channel : counts) {
            double average = moment(channel, 0, 1);
            double deviation = Math.sqrt(moment(channel, average, 2));
            mean.add(Math.rint(average * contract.scale() * 1e6) / 1e6);
            std.add(Math.max(1e-6, Math.rint((deviation > 0 ? deviation : 1) * contract.scale() * 1e6) / 1e6));
        }
        return new SampleStatistics(mean, std);
    }

    private static double moment(long[] counts, double center, int power) {
        double sum = 0;
        long total = 0;
        for (int sample = 0; sample < counts.length; sample++) {
            double distance = sample - center;
            sum += counts[sample] * (power == 1 ? distance : distance * distance);
            total += counts[sample];
        }
        return sum / total;
    }
}
