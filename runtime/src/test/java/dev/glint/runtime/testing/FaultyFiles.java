package dev.glint.runtime.testing;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * The files of a folder, seen through a file system in which something goes wrong at a chosen operation. Operations are
 * those that change files: make, write at first, flush, move, delete. What is done before lies in the real folder.
 */
public final class FaultyFiles {
    /** What goes wrong. */
    public enum Fault {
        /**
         * The process is killed: the operation does not happen (of a write, one half does), and no later one does. Whoever
         * catches the {@link Crash} can change nothing any more.
         */
        CRASH,
        /** From the operation on, what needs room fails. */
        FULL_DISK
    }

    /** Stands for the end of a process. */
    public static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("the process is gone", null, false, false);
        }
    }

    private final Fault fault;
    private final long at;
    private final FaultyFileSystem fileSystem;
    private final Path folder;
    private long operations;

    /**
     * A view of a folder.
     *
     * @param at the operation at which the fault happens, from 1 on
     */
    public FaultyFiles(Path folder, Fault fault, long at) {
        this.fault = fault;
        this.at = at;
        this.fileSystem = new FaultyFileSystem(this, folder.getFileSystem());
        this.folder = wrap(folder);
    }

    /** The folder in the faulty file system. */
    public Path folder() {
        return folder;
    }

    /** How many operations there were. */
    public long operations() {
        return operations;
    }

    /** Whether an operation met the fault. */
    public boolean happened() {
        return operations >= at;
    }

    /** Before an operation that needs no room. */
    synchronized void change() {
        operations++;
        if (fault == Fault.CRASH && happened()) {
            throw new Crash();
        }
    }

    /** Before an operation that needs room for a file. */
    void make(Path file) throws IOException {
        change();
        if (happened()) {
            throw new FileSystemException(file.toString(), null, "No space left on device");
        }
    }

    /** Before a write; the bytes that get through, or all of them. */
    synchronized int write(ByteBuffer bytes) {
        operations++;
        return happened() ? bytes.remaining() / 2 : bytes.remaining();
    }

    /** After a write of which not all got through. */
    void torn() throws IOException {
        if (fault == Fault.CRASH) {
            throw new Crash();
        }
        throw new IOException("No space left on device");
    }

    Path wrap(Path path) {
        return (Path)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Path.class}, new PathView(path));
    }

    static Path unwrap(Path path) {
        return Proxy.isProxyClass(path.getClass()) ? ((PathView) Proxy.getInvocationHandler(path)).path : path;
    }

    /** A path whose file system is the faulty one. */
    private final class PathView implements java.lang.reflect.InvocationHandler {
        private final Path path;

        PathView(Path path) {
            this.path = path;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            if (method.getName().equals("getFileSystem")) {
                return fileSystem;
            }
            if (method.getName().equals("toFile")) {
                throw new UnsupportedOperationException("a way round the file system");
            }
            Object[] real = arguments == null ? new Object[0] : arguments.clone();
            for (int i = 0; i < real.length; i++) {
                real[i] = real[i] instanceof Path other ? unwrap(other) : real[i];
            }
            try {
                Object result = method.invoke(path, real);
                return result instanceof Path other ? wrap(other) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
