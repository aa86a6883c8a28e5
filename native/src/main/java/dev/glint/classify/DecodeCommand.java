package dev.glint.classify;

import com.google.gson.JsonObject;
import dev.glint.classify.batch.EachPicture;
import dev.glint.classify.batch.NamedPictures;
import dev.glint.classify.batch.Picture;
import dev.glint.console.JsonReport;
import dev.glint.console.Streams;
import dev.glint.runtime.decode.EncodedPicture;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.file.Sha256;
import dev.glint.runtime.image.Image;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code classify decode}: what the decoder makes of a picture, to compare with any other decoder's pixels. */
@Command(
        name = "decode",
        mixinStandardHelpOptions = true,
        header = "Prints what the decoder makes of a picture.",
        description =
                "Format, size, mode, EXIF orientation and the SHA-256 of the pixels: 8-bit RGB, row by row, alpha "
                        + "dropped, not turned upright. So they can be compared with any other decoder's.")
final class DecodeCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--out", paramLabel = "FILE", description = "Write the pixels as a PPM file (one picture only).")
    private @Nullable Path out;

    @Parameters(
            arity = "1..*",
            paramLabel = "IMAGE",
            description = "Picture files, folders (all pictures in them), or - for standard input.")
    private List<String> images = new ArrayList<>();

    DecodeCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        NamedPictures pictures = new NamedPictures(images, true, streams);
        if (out != null && pictures.peek(2).size() > 1) {
            throw GlintException.failure(
                    Reason.USAGE, "--out with several pictures", "one picture", "decode them one by one");
        }
        if (!common.json) {
            int exitCode = new EachPicture(streams, common.debug, (name, failure) -> {})
                    .process(pictures, picture -> print(entry(picture)));
            streams.out().flush();
            return exitCode;
        }
        try (JsonReport report = report()) {
            try {
                return new EachPicture(streams, common.debug, report::addFailure)
                        .process(pictures, picture -> report.add(entry(picture)));
            } catch (IOException | RuntimeException | Error e) {
                report.cutShort(e);
                throw e;
            }
        }
    }

    private JsonReport report() {
        JsonObject head = new JsonObject();
        head.addProperty("schema", "glint.decode/1");
        return new JsonReport(streams.out(), head, "pictures");
    }

    private JsonObject entry(Picture picture) throws IOException {
        DecodeOptions options = DecodeOptions.defaults();
        EncodedPicture encoded = picture.read(options.limits());
        ImageInfo info = encoded.probe(options);
        Image rgb = encoded.decode(options).toRgb();
        if (out != null) {
            writePpm(rgb, out);
        }
        JsonObject entry = new JsonObject();
        entry.addProperty("file", picture.name());
        entry.addProperty("format", info.format().name());
        entry.addProperty("width", rgb.width());
        entry.addProperty("height", rgb.height());
        entry.addProperty("mode", info.mode());
        entry.addProperty("orientation", info.orientation());
        entry.addProperty("sha256", Sha256.ofBytes(rgb.samples()));
        return entry;
    }

    private void print(JsonObject entry) {
        streams.out()
                .line(String.join(
                        "  ",
                        entry.get("format").getAsString(),
                        entry.get("width") + "x" + entry.get("height"),
                        entry.get("mode").getAsString(),
                        "orientation " + entry.get("orientation"),
                        entry.get("sha256").getAsString(),
                        entry.get("file").getAsString()));
    }

    /** Portable pixmap, binary ({@code P6}), 8 bits. */
    private static void writePpm(Image rgb, Path file) throws IOException {
        byte[] header = ("P6\n" + rgb.width() + " " + rgb.height() + "\n255\n").getBytes(StandardCharsets.US_ASCII);
        AtomicFile.write(AtomicFile.behindLinks(file), channel -> {
            OutputStream out = Channels.newOutputStream(channel);
            out.write(header);
            out.write(rgb.samples());
        });
    }
}
