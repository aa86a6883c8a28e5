package dev.glint.trainer.tensorboard;

/** A named value that TensorBoard shows. */
public sealed interface Summary {

    /** Its name; what stands before a slash puts it into a group. */
    String tag();

    /**
     * A number, shown as a point of a curve.
     *
     * @param value rounded to single precision, as the format has it
     */
    record Scalar(String tag, double value) implements Summary {}

    /**
     * A text.
     *
     * @param markdown shown as TensorBoard renders Markdown
     */
    record Text(String tag, String markdown) implements Summary {}
}
