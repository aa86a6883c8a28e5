package dev.glint.classify;

import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.PictureFiles;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A picture that was asked for: something that can be decoded, or the reason why it cannot. */
sealed interface Picture {

    /** How the user named it, or its path below the folder that was named. */
    String name();

    /**
     * Decodes it.
     *
     * @throws GlintException naming it ({@code INPUT}, {@code LIMIT})
     */
    Image decode(DecodeOptions options);

    /**
     * Reads its header.
     *
     * @throws GlintException naming it ({@code INPUT}, {@code LIMIT})
     */
    ImageInfo probe(DecodeOptions options);

    /** A file, existing or not. */
    record InFile(Path file) implements Picture {
        @Override
        public String name() {
            return file.toString();
        }

        @Override
        public Image decode(DecodeOptions options) {
            return ImageDecoder.decode(file, options);
        }

        @Override
        public ImageInfo probe(DecodeOptions options) {
            return ImageDecoder.probe(file, options);
        }
    }

    /** Standard input, read once, to its end or just beyond the limit, whichever comes first. */
    final class OnStandardInput implements Picture {
        private final InputStream in;
        private byte @Nullable [] encoded;

        OnStandardInput(InputStream in) {
            this.in = in;
        }

        @Override
        public String name() {
            return STANDARD_INPUT;
        }

        @Override
        public Image decode(DecodeOptions options) {
            return read(options, ImageDecoder::decode);
        }

        @Override
        public ImageInfo probe(DecodeOptions options) {
            return read(options, ImageDecoder::probe);
        }

        private <T> T read(DecodeOptions options, BiFunction<byte[], DecodeOptions, T> reader) {
            try {
                if (encoded == null) {
                    encoded = in.readNBytes(options.limits().encodedBytes() + 1);
                }
                return reader.apply(encoded, options);
            } catch (GlintException e) {
                throw e.about("standard input");
            } catch (IOException e) {
                throw GlintException.failure(
                                Reason.INPUT,
                                "an unreadable stream (" + e.getMessage() + ")",
                                "a picture",
                                "pipe one in, as in classify - < picture.png")
                        .causedBy(e)
                        .about("standard input");
            }
        }
    }

    /** A folder that holds no picture. */
    record Missing(String name, GlintException failure) implements Picture {
        @Override
        public Image decode(DecodeOptions options) {
            throw failure;
        }

        @Override
        public ImageInfo probe(DecodeOptions options) {
            throw failure;
        }
    }

    /** What stands for standard input among the arguments. */
    String STANDARD_INPUT = "-";

    /** The pictures that the arguments of a command name, in order, folders opened up. */
    static List<Picture> of(List<String> arguments, InputStream in) {
        List<Picture> pictures = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.equals(STANDARD_INPUT)) {
                pictures.add(new OnStandardInput(in));
                continue;
            }
            Path path = Path.of(argument);
            if (!Files.isDirectory(path)) {
                pictures.add(new InFile(path));
                continue;
            }
            try {
                PictureFiles.list(path).forEach(file -> pictures.add(new InFile(file)));
            } catch (GlintException e) {
                pictures.add(new Missing(argument, e));
            }
        }
        return pictures;
    }
}
