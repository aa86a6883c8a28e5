package dev.glint.classify.batch;

import dev.glint.runtime.decode.EncodedPicture;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A picture that was asked for: something that can be read, or the reason why it cannot. */
public sealed interface Picture {

    /** How the user named it, or its path below the folder that was named. */
    String name();

    /**
     * Reads it; a pipe or standard input can be read once.
     *
     * @throws GlintException naming it ({@code INPUT}, {@code LIMIT})
     */
    EncodedPicture read(DecodeLimits limits);

    /**
     * Reads and decodes it.
     *
     * @throws GlintException naming it ({@code INPUT}, {@code LIMIT})
     */
    default Image decode(DecodeOptions options) {
        return read(options.limits()).decode(options);
    }

    /** Whether it is surely decoded before a thread that does so would be worth its own start. */
    default boolean isSmall() {
        return false;
    }

    /** A file, existing or not. */
    record InFile(Path file) implements Picture {
        private static final int SMALL_BYTES = 1 << 14;

        /** A thread costs a quarter of a millisecond, and both threads wait where either writes to a page for the first time. */
        @Override
        public boolean isSmall() {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return attributes.isRegularFile() && attributes.size() < SMALL_BYTES;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public String name() {
            return file.toString();
        }

        @Override
        public EncodedPicture read(DecodeLimits limits) {
            return EncodedPicture.read(file, limits);
        }
    }

    /** Standard input. */
    record OnStandardInput(InputStream in) implements Picture {
        @Override
        public String name() {
            return STANDARD_INPUT;
        }

        @Override
        public EncodedPicture read(DecodeLimits limits) {
            return EncodedPicture.read(in, "standard input", limits);
        }
    }

    /** A folder that holds no picture, or something that cannot be read. */
    record Missing(String name, GlintException failure) implements Picture {
        @Override
        public EncodedPicture read(DecodeLimits limits) {
            throw failure;
        }
    }

    /** What stands for standard input among the arguments. */
    String STANDARD_INPUT = "-";
}
