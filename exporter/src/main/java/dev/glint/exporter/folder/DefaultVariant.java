package dev.glint.exporter.folder;

import dev.glint.exporter.verify.Agreement;
import dev.glint.runtime.model.ModelFolder;
import java.util.Comparator;
import java.util.List;
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

    /**
     * The smaller one that is known best, {@code int8}, if it answers as the large one does, and sooner; otherwise the
     * fastest of those that do; otherwise the large one.
     *
     * @param smaller what was compared with it, at least one
     */
    public static DefaultVariant choose(Variant fp32, List<Variant> smaller) {
        List<Variant> order = smaller.stream()
                .filter(variant -> variant.agreement().isPresent())
                .sorted(Comparator.comparing(
                                (Variant variant) -> !variant.file().equals(ModelFolder.INT8))
                        .thenComparing(variant -> variant.latency().p50Nanos()))
                .toList();
        List<DefaultVariant> choices = order.stream()
                .map(variant -> choose(fp32, variant, variant.agreement().orElseThrow()))
                .toList();
        return choices.stream()
                .filter(choice -> !choice.file().equals(fp32.file()))
                .findFirst()
                .orElseGet(() -> choices.get(0));
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
