package dev.glint.classify.batch;

import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Prediction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The pictures that were found and are not answered for, in their order, so many at most. One thread adds to it, any number of
 * workers claim pictures, and one reader takes the answers in order, claiming pictures itself while the next answer is not there.
 * Who has to wait sleeps, and is woken for as much as there is: the finder when half of the room is free again.
 */
final class PictureWindow {
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition work = lock.newCondition();
    private final Condition news = lock.newCondition();
    private final Deque<Task> ordered = new ArrayDeque<>();
    private final Deque<Task> unclaimed = new ArrayDeque<>();
    private boolean ended;
    private @Nullable Throwable failure;

    PictureWindow(int capacity) {
        this.capacity = capacity;
    }

    /** A picture and what came of it; the one that claimed it answers, and {@link #done} makes that known to the reader. */
    static final class Task {
        private final Picture picture;
        private @Nullable Prediction prediction;
        private @Nullable Throwable failure;
        private boolean done;

        Task(Picture picture) {
            this.picture = picture;
        }

        Picture picture() {
            return picture;
        }

        private void answer(PictureModel model, Classifier classifier) {
            try {
                prediction = model.classify(picture, classifier);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }

        /** The answer, once it is done. */
        Prediction prediction() {
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException runtime) {
                throw runtime;
            }
            if (prediction == null) {
                throw new IllegalStateException("no answer");
            }
            return prediction;
        }
    }

    /** Adds a picture that was found, as soon as there is room. */
    void add(Picture picture) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (ordered.size() >= capacity) {
                room.await();
            }
            Task task = new Task(picture);
            ordered.add(task);
            unclaimed.add(task);
            if (lock.hasWaiters(work)) {
                work.signal();
            } else {
                news.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * No more pictures will be found.
     *
     * @param why what ended the search, unless there are no more
     */
    void end(@Nullable Throwable why) {
        lock.lock();
        try {
            ended = true;
            failure = why;
            work.signalAll();
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** What a worker does: answers one picture after the other until there will be no more. */
    void work(PictureModel model, Classifier classifier) throws InterruptedException {
        Task task;
        while ((task = claim()) != null) {
            task.answer(model, classifier);
            done(task);
        }
    }

    private @Nullable Task claim() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (unclaimed.isEmpty() && !ended) {
                work.await();
            }
            return unclaimed.poll();
        } finally {
            lock.unlock();
        }
    }

    private void done(Task task) {
        lock.lock();
        try {
            task.done = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the next picture out, answered or not; null behind the last.
     *
     * @throws SearchFailure if not all could be found, behind those that were
     */
    @Nullable Task take() throws InterruptedException, SearchFailure {
        lock.lockInterruptibly();
        try {
            while (ordered.isEmpty() && !ended) {
                news.await();
            }
            Task task = ordered.poll();
            if (task == null && failure != null) {
                throw new SearchFailure(failure);
            }
            if (ordered.size() <= capacity / 2) {
                room.signal();
            }
            return task;
        } finally {
            lock.unlock();
        }
    }

    /** No more pictures can be found, for this cause. */
    static final class SearchFailure extends Exception {
        private static final long serialVersionUID = 1L;

        SearchFailure(Throwable cause) {
            super(cause);
        }
    }

    /** Until a picture that was taken is answered, the reader answers others, or that very one. */
    void workUntil(Task awaited, PictureModel model, Classifier classifier) throws InterruptedException {
        Task other;
        while ((other = claimUnlessDone(awaited)) != null) {
            other.answer(model, classifier);
            done(other);
        }
    }

    private @Nullable Task claimUnlessDone(Task awaited) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!awaited.done) {
                Task next = unclaimed.peek();
                // Standard input may be silent for long, while the answers that are awaited come.
                if (next != null && !(next.picture instanceof Picture.OnStandardInput)) {
                    return unclaimed.remove();
                }
                news.await();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }
}
