package dev.glint.exporter.folder;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.file.AtomicFolder;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model folder in the making, beside the place where it will stand. Its files are checked where they are and appear in
 * the model folder only when all of them are good. Closing it removes what was not published.
 */
public final class StagedFolder implements AutoCloseable {
    /** What an export makes new or makes obsolete; a user's other files are left alone. */
    private static final List<String> OURS = Stream.concat(
                    Stream.of(ModelFolder.MANIFEST, ModelFolder.FP32, "report.html"),
                    Profile.all(Head.FLOAT).stream().map(Profile::file))
            .toList();

    private final Path target;
    private final AtomicFolder folder;
    private final List<String> files = new ArrayList<>();

    private StagedFolder(Path target, AtomicFolder folder) {
        this.target = target;
        this.folder = folder;
    }

    /**
     * Says whether a folder can take an exported model: it is new, empty, or a model folder that may be replaced.
     *
     * @throws GlintException ({@code INPUT}) if it cannot
     */
    public static void requireReplaceable(Path folder, boolean replace) throws IOException {
        if (!isModel(folder)) {
            AtomicFolder.requireFree(folder, "name another folder");
        } else if (!replace) {
            throw AtomicFolder.occupied(folder, "a model that is already there", "add --force to replace it");
        }
    }

    private static boolean isModel(Path folder) {
        return OURS.stream().anyMatch(name -> Files.exists(folder.resolve(name)));
    }

    /** Begins a folder. */
    public static StagedFolder beside(Path folder) throws IOException {
        return new StagedFolder(folder, AtomicFolder.begin(folder));
    }

    /** Writes a file of the folder; returns where it is for now. */
    public Path write(String name, byte[] bytes) throws IOException {
        Path file = folder.staging().resolve(name);
        AtomicFile.write(file, bytes);
        files.add(name);
        return file;
    }

    /** Takes a file away that was written. */
    public void remove(String name) throws IOException {
        Files.deleteIfExists(folder.staging().resolve(name));
        files.remove(name);
    }

    /** Writes a model into the folder; returns where it is for now. */
    public Path write(String name, OnnxModel model) throws IOException {
        Path file = folder.staging().resolve(name);
        AtomicFile.write(file, channel -> OnnxWriter.write(model, Channels.newOutputStream(channel)));
        files.add(name);
        return file;
    }

    /** Puts the folder in its place: a new one appears at once, an older model's files go first. */
    public void publish() throws IOException {
        if (isModel(target)) {
            for (String name : OURS) {
                Files.deleteIfExists(target.resolve(name));
            }
            publishInto();
        } else {
            folder.publish();
        }
    }

    /** Puts the files into a folder that is there, in the order in which they were written, each at once. */
    public void publishInto() throws IOException {
        folder.publishFiles(files);
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
