package dev.glint.classify.serve;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * A thread for each request that is being read or answered: virtual ones from JDK 21 on, ordinary ones before. They mostly
 * wait, for the client or for a worker. Beyond the limit the server closes the connection.
 */
final class RequestThreads implements Executor, AutoCloseable {
    private final ExecutorService threads = virtual().orElseGet(RequestThreads::ordinary);
    private final Semaphore free;

    RequestThreads(int most) {
        this.free = new Semaphore(most);
    }

    private static Optional<ExecutorService> virtual() {
        try {
            MethodHandle executor = MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class));
            return Optional.of((ExecutorService) executor.invokeExact());
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return Optional.empty();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static ExecutorService ordinary() {
        return Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "classify-request");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void execute(Runnable work) {
        if (!free.tryAcquire()) {
            throw new RejectedExecutionException("too many requests at a time");
        }
        try {
            threads.execute(() -> {
                try {
                    work.run();
                } finally {
                    free.release();
                }
            });
        } catch (RejectedExecutionException e) {
            free.release();
            throw e;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
