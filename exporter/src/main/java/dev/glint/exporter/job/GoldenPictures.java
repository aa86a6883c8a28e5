package dev.glint.exporter.job;

import dev.glint.exporter.verify.GoldenRecording.Picture;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.runtime.decode.PictureFiles;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.golden.GoldenSamples;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The pictures of golden samples: synthetic ones, since those that a model was fitted to may be private, or whatever a user names. */
final class GoldenPictures {
    /** Formats and modes in which decoders and contracts differ; {@code GoldenPictures.java} among the test scripts makes them. */
    private static final List<String> SYNTHETIC =
            List.of("color.png", "alpha.png", "gray16.png", "color.bmp", "gray.pgm", "turned.jpg", "progressive.jpg");

    private GoldenPictures() {}

    /** The pictures of a folder, or the synthetic ones. */
    static List<Picture> choose(Optional<Path> folder) throws IOException {
        return folder.isPresent() ? inFolder(folder.get()) : synthetic();
    }

    /** The pictures of a folder, those that a model carries already, or the synthetic ones. */
    static List<Picture> choose(Optional<Path> folder, OnnxModel model) throws IOException {
        String golden = model.metadata().get(GoldenSamples.METADATA_KEY);
        if (folder.isPresent() || golden == null) {
            return choose(folder);
        }
        return GoldenSamples.fromJson(golden).samples().stream()
                .map(sample -> new Picture(sample.name(), sample.picture()))
                .toList();
    }

    private static List<Picture> synthetic() {
        List<Picture> pictures = new ArrayList<>();
        for (String name : SYNTHETIC) {
            try (InputStream resource =
                    GoldenPictures.class.getResourceAsStream("/dev/glint/exporter/golden/" + name)) {
                pictures.add(new Picture(name, resource.readAllBytes()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return pictures;
    }

    /** All of them: whoever names a folder shall know which of its pictures go out with the model. */
    private static List<Picture> inFolder(Path folder) throws IOException {
        List<Path> files = PictureFiles.list(folder);
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        if (files.size() > GoldenSamples.MAX_SAMPLES || bytes > GoldenSamples.MAX_PICTURE_BYTES) {
            throw GlintException.failure(
                            Reason.INPUT,
                            files.size() + " pictures of " + bytes + " bytes together",
                            "at most " + GoldenSamples.MAX_SAMPLES + " of " + GoldenSamples.MAX_PICTURE_BYTES
                                    + " bytes, all of which go into the model file",
                            "put a few small ones into a folder of their own")
                    .about(folder);
        }
        List<Picture> pictures = new ArrayList<>();
        for (Path file : files) {
            pictures.add(new Picture(folder.relativize(file).toString(), Files.readAllBytes(file)));
        }
        return pictures;
    }
}
