package dev.glint.classify.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of requests: no more bytes than the limit, no longer than the timeout, and all that are held at a time
 * in no more memory than the budget. A client that only promises bytes takes none of it.
 */
final class BodyReader {
    /** What a body takes of the budget at least, and its unit. */
    private static final int BLOCK = 16 << 10;

    /** As many bodies of the largest size as may be held at a time. */
    private static final int LARGEST_BODIES = 4;

    private final int maxBytes;
    private final Duration timeout;
    private final ScheduledExecutorService clock;
    private final Semaphore blocks;

    /** The clock tells when a client took too long. */
    BodyReader(int maxBytes, Duration timeout, ScheduledExecutorService clock) {
        this.maxBytes = maxBytes;
        this.timeout = timeout;
        this.clock = clock;
        this.blocks = new Semaphore(LARGEST_BODIES * blocks(maxBytes));
    }

    private static int blocks(int bytes) {
        return bytes / BLOCK + 1;
    }

    /**
     * Reads a body, to be closed when its bytes are no longer needed.
     *
     * @param tooSlow is told, by another thread, of a client whose time is over; the connection is closed afterwards
     * @throws Refusal (400, 411, 413, 503)
     * @throws IOException if the connection is closed
     */
    Body read(HttpExchange exchange, Runnable tooSlow) throws IOException {
        long length = length(exchange.getRequestHeaders());
        if (length > maxBytes) {
            throw Refusal.tooManyBytes(maxBytes);
        }
        Growing body = new Growing(length < 0 ? maxBytes : (int) length);
        try {
            read(exchange, body, tooSlow);
            return new Body(body.bytes(), body::release);
        } catch (IOException | RuntimeException | Error e) {
            body.release();
            throw e;
        }
    }

    private void read(HttpExchange exchange, Growing body, Runnable tooSlow) throws IOException {
        Deadline deadline = new Deadline(clock, timeout, tooSlow);
        try (deadline) {
            read(exchange.getRequestBody(), body);
        } catch (IOException | IndexOutOfBoundsException e) {
            // The latter is what the JDK's server makes of a chunk of negative length.
            if (!deadline.expired()) {
                throw Refusal.malformed("a body that breaks off", "as many bytes as its length or its chunks say");
            }
        }
        if (deadline.expired()) {
            throw new IOException("the client's time is over");
        }
    }

    /** What a request says of its length; -1 if it comes in chunks. */
    private static long length(Headers headers) {
        if (headers.containsKey("Transfer-Encoding")) {
            return -1;
        }
        @Nullable String length = headers.getFirst("Content-Length");
        if (length == null) {
            throw Refusal.withoutLength();
        }
        // The server has parsed it before.
        return Long.parseLong(length);
    }

    private void read(InputStream in, Growing body) throws IOException {
        while (body.hasRoom()) {
            int count = in.read(body.bytes, body.count, body.bytes.length - body.count);
            if (count < 0) {
                return;
            }
            body.count += count;
        }
        if (in.read() >= 0) {
            throw Refusal.tooManyBytes(maxBytes);
        }
    }

    /**
     * Reads and forgets what a client still sends, so that it comes to read the answer: as much as a request may have, for
     * as long as it may take.
     *
     * @throws IOException if the client's time is over
     */
    void discard(HttpExchange exchange) throws IOException {
        byte[] buffer = new byte[BLOCK];
        Deadline deadline = new Deadline(clock, timeout, () -> {});
        try (deadline) {
            InputStream in = exchange.getRequestBody();
            for (long left = LARGEST_BODIES * (long) maxBytes; left > 0; ) {
                int count = in.read(buffer);
                if (count < 0) {
                    return;
                }
                left -= count;
            }
        }
        throw new IOException("the client goes on sending");
    }

    /** Bytes that come to be many, and the blocks that they take. */
    private final class Growing {
        private final int most;
        private byte[] bytes = new byte[0];
        private int count;
        private int held;

        Growing(int most) {
            this.most = most;
        }

        /** Makes room for more, unless there are as many as may be. */
        boolean hasRoom() {
            if (count < bytes.length) {
                return true;
            }
            if (count == most) {
                return false;
            }
            int size = (int) Math.min(most, Math.max(BLOCK, 2L * bytes.length));
            int more = blocks(size) - held;
            if (!blocks.tryAcquire(more)) {
                throw Refusal.busy("more pictures than fit into the memory for them", "fewer at a time");
            }
            held += more;
            bytes = Arrays.copyOf(bytes, size);
            return true;
        }

        byte[] bytes() {
            return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
        }

        void release() {
            blocks.release(held);
            held = 0;
        }
    }
}
