package dev.glint.classify.batch;

import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.image.Image;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first picture, decoded on a thread of its own while the model is opened, unless that would not pay. What goes wrong with it is
 * thrown to who asks for it, so that failures keep their order.
 */
public final class PictureAhead {
    private final DecodeOptions options;
    private @Nullable Decoding first;

    private PictureAhead(DecodeOptions options) {
        this.options = options;
    }

    /**
     * Begins to decode, unless the picture is small.
     *
     * @param pictures of which only the first matters
     */
    public static PictureAhead start(List<Picture> pictures, DecodeOptions options) {
        PictureAhead ahead = new PictureAhead(options);
        if (!pictures.isEmpty() && !pictures.get(0).isSmall()) {
            Decoding first = new Decoding(pictures.get(0), options);
            ahead.first = first;
            first.start();
        }
        return ahead;
    }

    /**
     * A decoded picture, be it the first or another; the first is there once.
     *
     * @throws dev.glint.runtime.failure.GlintException as {@link Picture#decode}
     */
    public Image decode(Picture picture) {
        Decoding decoding = take(picture);
        return decoding == null ? picture.decode(options) : decoding.result();
    }

    private synchronized @Nullable Decoding take(Picture picture) {
        Decoding decoding = first;
        if (decoding == null || decoding.picture != picture) {
            return null;
        }
        first = null;
        return decoding;
    }

    private static final class Decoding extends Thread {
        private final Picture picture;
        private final DecodeOptions options;
        private @Nullable Image image;
        private @Nullable Throwable failure;

        Decoding(Picture picture, DecodeOptions options) {
            super("picture");
            this.picture = picture;
            this.options = options;
            // It may wait for a pipe for ever.
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                image = picture.decode(options);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }

        Image result() {
            try {
                join();
            } catch (InterruptedException e) {
                interrupt();
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
            if (image == null) {
                throw new IllegalStateException("no picture");
            }
            return image;
        }
    }
}
