package dev.glint.classify.ort;

import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The file of ONNX Runtime's library in a folder. */
final class OrtLibrary {
    private static final String NAME = System.mapLibraryName("onnxruntime");

    private OrtLibrary() {}

    /**
     * Finds it: under its plain name or, in a folder of the operator, with a version behind it.
     *
     * @throws GlintException ({@code INPUT}) naming what is missing
     */
    static Path find(Path folder, boolean bundled) {
        if (!Files.isDirectory(folder)) {
            throw (bundled
                            ? GlintException.failure(
                                    Reason.INPUT,
                                    "no folder with ONNX Runtime's libraries",
                                    "lib/ beside the binary",
                                    "unpack the whole archive again, and link to the binary rather than copying it")
                            : GlintException.failure(
                                    Reason.INPUT,
                                    Files.exists(folder) ? "no folder" : "no such folder",
                                    "one with " + NAME,
                                    "correct --ort-lib, or leave it out"))
                    .about(folder);
        }
        Path plain = folder.resolve(NAME);
        if (Files.isRegularFile(plain)) {
            return plain;
        }
        if (!bundled) {
            return versioned(folder);
        }
        throw unusable(Files.exists(plain) ? "no file" : "no such file", true).about(plain);
    }

    private static Path versioned(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(NAME + "."))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .findFirst()
                    .orElseThrow(() -> unusable("no " + NAME, false).about(folder));
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.INPUT, folder, "a folder with " + NAME, e);
        }
    }

    /** A library that the system does not load, with its words for it; these name the file, too, once or twice. */
    static GlintException unloadable(Path file, String reason, boolean bundled) {
        String folder = file.toAbsolutePath().getParent() + "/";
        return unusable("a library that cannot be loaded (" + reason.replace(folder, "") + ")", bundled)
                .about(file);
    }

    static GlintException unusable(String found, boolean bundled) {
        return bundled
                ? GlintException.failure(
                        Reason.INPUT,
                        found,
                        "ONNX Runtime " + OrtVersion.BUILT + " for this machine",
                        "unpack the whole archive for this machine again")
                : GlintException.failure(
                        Reason.INPUT, found, "ONNX Runtime for this machine", "correct --ort-lib, or leave it out");
    }
}
