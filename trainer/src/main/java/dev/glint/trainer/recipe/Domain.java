package dev.glint.trainer.recipe;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The values that a hyperparameter may have.
 *
 * @param form what stands for a value on a command line and in JSON: an integer, a double, a boolean or a string
 * @param optional whether there may be none
 * @param parser reads the text of a value; throws IllegalArgumentException saying what is wrong with it
 * @param range which of the values that can be read are meant
 * @param text the range for a person
 */
public record Domain<T>(Class<?> form, boolean optional, Function<String, T> parser, Predicate<T> range, String text) {
    public static final Domain<Integer> AT_LEAST_ONE = whole(1, "1 or more");
    public static final Domain<Integer> AT_LEAST_ZERO = whole(0, "0 or more");
    public static final Domain<Double> POSITIVE = number(false, value -> value > 0, "a positive number");
    public static final Domain<Double> POSITIVE_OR_NONE = number(true, value -> value > 0, "a positive number");
    public static final Domain<Double> NOT_NEGATIVE = number(false, value -> value >= 0, "0 or more");
    public static final Domain<Double> SHARE = number(false, value -> value >= 0 && value < 1, "0 or more, below 1");
    public static final Domain<Boolean> SWITCH =
            new Domain<>(Boolean.class, false, Boolean::valueOf, value -> true, "true or false");

    private static Domain<Integer> whole(int least, String text) {
        return new Domain<>(Integer.class, false, Integer::valueOf, value -> value >= least, text);
    }

    private static Domain<Double> number(boolean optional, Predicate<Double> range, String text) {
        return new Domain<>(Double.class, optional, Double::valueOf, range.and(Double::isFinite), text);
    }

    /** The values that have a name or text form, which is also what {@code toString} gives. */
    static <T> Domain<T> texts(Function<String, T> parser, String text) {
        return new Domain<>(String.class, false, parser, value -> true, text);
    }
}
