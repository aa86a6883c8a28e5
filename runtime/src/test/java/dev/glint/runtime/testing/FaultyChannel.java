package dev.glint.runtime.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file's channel that tells {@link FaultyFiles} of its first write and every flush. */
final class FaultyChannel extends FileChannel {
    private final FaultyFiles files;
    private final FileChannel real;
    private boolean begun;

    FaultyChannel(FaultyFiles files, FileChannel real) {
        this.files = files;
        this.real = real;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        // A file that is torn in its second write is no other than one that is torn in its first.
        int through = begun ? source.remaining() : files.write(source);
        begun = true;
        if (through == source.remaining()) {
            return real.write(source);
        }
        ByteBuffer part = source.duplicate();
        part.limit(part.position() + through);
        while (part.hasRemaining()) {
            real.write(part);
        }
        files.torn();
        throw new AssertionError("a torn write throws");
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return write(sources[offset]);
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        real.position(position);
        return write(source);
    }

    @Override
    public void force(boolean metaData) throws IOException {
        files.change();
        real.force(metaData);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        files.change();
        real.truncate(size);
        return this;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return real.read(target);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return real.read(targets, offset, length);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return real.read(target, position);
    }

    @Override
    public long position() throws IOException {
        return real.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        real.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return real.size();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return real.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
        return real.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return real.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        real.close();
    }
}
