package dev.glint.exporter.job;

/** Is told how a job goes, by any thread. */
@FunctionalInterface
public interface JobListener {
    /**
     * A picture more is done; the job ends at what this throws.
     *
     * @param task what is being done
     * @param done how many of its pictures
     * @param total how many there are
     */
    void step(String task, int done, int total);

    /** Something that is worth a second look, in one line; the job goes on. */
    default void warn(String warning) {}

    /** Something that was found on the way, in one line. */
    default void note(String note) {}
}
