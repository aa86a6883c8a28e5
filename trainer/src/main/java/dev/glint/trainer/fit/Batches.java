package dev.glint.trainer.fit;

import org.jspecify.annotations.Nullable;

/** The pictures of a set, batch after batch, each picture once. For use by one thread. */
interface Batches extends AutoCloseable {

    /** The next batch, or null behind the last one. It is the caller's until the next call. */
    @Nullable InputBatch next();

    @Override
    void close();
}
