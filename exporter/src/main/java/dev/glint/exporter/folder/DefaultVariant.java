package dev.glint.exporter.folder;

import dev.glint.exporter.verify.Agreement;
import java.util.Locale;

/**
 * Which variant of a model folder runs when nobody says so.
 *
 * @param file its name in the folder
 * @param reason why it is this one, to follow the word "since"
 */
public record DefaultVariant(String file, String reason) {

    /** A folder's only variant. */
    public static DefaultVariant only(Variant variant) {
        return new DefaultVariant(variant.file(), "there is no other");
    }

    /** The smaller one of two if it answers as the larger one does, and sooner; the larger one otherwise. */
    public static DefaultVariant choose(Variant fp32, Variant int8, Agreement agreement) {
        if (!agreement.isClose()) {
            return new DefaultVariant(fp32.file(), int8.name() + " only " + agreement);
        }
        String speed = String.format(Locale.ROOT, "%.2f times as fast", int8.speedUp(fp32));
        if (int8.latency().p50Nanos() >= fp32.latency().p50Nanos()) {
            return new DefaultVariant(fp32.file(), int8.name() + " is no faster here, " + speed);
        }
        return new DefaultVariant(int8.file(), "it is " + speed + " and " + agreement);
    }
}
