package dev.glint.trainer.augment;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What happens to training pictures, in this order; nothing twice.
 *
 * @param all a random resized crop comes first, what mixes pictures last
 */
public record Augmentations(List<Augmentation> all) {
    /** Nothing. */
    public static final Augmentations NONE = new Augmentations(List.of());

    /** What small pictures usually go through: a crop after padding by 4, and a flip in half of all cases. */
    public static final Augmentations CROP_FLIP =
            new Augmentations(List.of(new ReflectCrop(4), new HorizontalFlip(0.5)));

    /** The items that {@link #parse} knows, for help texts and errors. */
    public static final String KNOWN =
            "none or a comma list of crop-flip, crop=PADDING, flip=PROBABILITY, alternating-flip,"
                    + " resized-crop=MIN_AREA:MAX_AREA:MIN_RATIO:MAX_RATIO, rotate=DEGREES,"
                    + " jitter=BRIGHTNESS:CONTRAST:SATURATION:HUE, erase=PROBABILITY, mixup=ALPHA, cutmix=ALPHA";

    public Augmentations {
        all = List.copyOf(all);
        Checks.require(
                all.stream().map(Object::getClass).distinct().count() == all.size(), "the same augmentation twice");
        Checks.require(
                all.stream().skip(1).noneMatch(RandomResizedCrop.class::isInstance), "resized-crop behind another one");
        Checks.require(
                all.stream()
                        .dropWhile(augmentation -> !(augmentation instanceof PairAugmentation))
                        .allMatch(PairAugmentation.class::isInstance),
                "mixup or cutmix before another one");
    }

    /** Without those that mirror a picture. */
    public Augmentations withoutMirrors() {
        return new Augmentations(all.stream()
                .filter(augmentation ->
                        !(augmentation instanceof HorizontalFlip || augmentation instanceof AlternatingFlip))
                .toList());
    }

    /** The random resized crop, if there is one. */
    public Optional<RandomResizedCrop> resizedCrop() {
        return all(RandomResizedCrop.class).findFirst();
    }

    /** Those that change a picture and keep its size. */
    public List<PictureAugmentation> ofPictures() {
        return all(PictureAugmentation.class).toList();
    }

    /** Those that mix pictures; each picture gets one of them, any with the same probability. */
    public List<PairAugmentation> ofPairs() {
        return all(PairAugmentation.class).toList();
    }

    /** All of them, if they only move rows and columns. */
    public Optional<List<PositionAugmentation>> ofPositions() {
        List<PositionAugmentation> moves = all(PositionAugmentation.class).toList();
        return moves.size() == all.size() ? Optional.of(moves) : Optional.empty();
    }

    private <A> Stream<A> all(Class<A> type) {
        return all.stream().filter(type::isInstance).map(type::cast);
    }

    /**
     * Reads a comma list such as {@code crop-flip,rotate=15,mixup=0.2}. An item without {@code =} has its usual parameters;
     * of several parameters the last ones may be left out.
     *
     * @throws GlintException ({@code USAGE}) naming the item that is unknown, malformed or in the wrong place
     */
    public static Augmentations parse(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        List<Augmentation> all = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            try {
                all.addAll(item.equals("crop-flip") ? CROP_FLIP.all : List.of(parseOne(item)));
            } catch (IllegalArgumentException e) {
                throw unknown(item, e);
            }
        }
        try {
            return new Augmentations(all);
        } catch (IllegalArgumentException e) {
            throw unknown(text, e);
        }
    }

    private static Augmentation parseOne(String item) {
        int equals = item.indexOf('=');
        String name = equals < 0 ? item : item.substring(0, equals);
        double[] given = equals < 0
                ? new double[0]
                : Arrays.stream(item.substring(equals + 1).split(":", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
        return switch (name) {
            case "crop" -> new ReflectCrop(integer(values(given, 4)[0]));
            case "flip" -> new HorizontalFlip(values(given, 0.5)[0]);
            case "alternating-flip" -> {
                values(given);
                yield new AlternatingFlip();
            }
            case "resized-crop" -> {
                double[] v = values(given, 0.08, 1, 3.0 / 4, 4.0 / 3);
                yield new RandomResizedCrop(v[0], v[1], v[2], v[3]);
            }
            case "rotate" -> new Rotation(values(given, 10)[0]);
            case "jitter" -> {
                double[] v = given.length == 0 ? new double[] {0.4, 0.4, 0.4, 0.1} : values(given, 0, 0, 0, 0);
                yield new ColorJitter(v[0], v[1], v[2], v[3]);
            }
            case "erase" -> new RandomErasing(values(given, 0.5)[0]);
            case "mixup" -> new MixUp(values(given, 0.2)[0]);
            case "cutmix" -> new CutMix(values(given, 1)[0]);
            default -> throw new IllegalArgumentException("no such augmentation");
        };
    }

    /** The given values, and the usual ones where none are given. */
    private static double[] values(double[] given, double... usual) {
        Checks.require(given.length <= usual.length, given.length + " values");
        double[] values = usual.clone();
        System.arraycopy(given, 0, values, 0, given.length);
        return values;
    }

    private static int integer(double value) {
        Checks.require(value == Math.rint(value) && Math.abs(value) < 1e6, Checks.text(value));
        return (int) value;
    }

    private static GlintException unknown(String item, IllegalArgumentException cause) {
        return GlintException.failure(
                        Reason.USAGE,
                        "the augmentation '" + item + "' (" + cause.getMessage() + ")",
                        KNOWN,
                        "correct the list")
                .causedBy(cause);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return all.isEmpty() ? "none" : all.stream().map(Augmentation::toString).collect(Collectors.joining(","));
    }
}
