package dev.glint.classify.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrtLibraryTest {
    private static final String OF_THIS_BUILD = ", expected ONNX Runtime " + OrtVersion.BUILT
            + " for this machine; unpack the whole archive for this machine again";

    @TempDir
    private Path folder;

    @Test
    void aMissingFolderOrLibraryOfThePackageIsNamed() throws IOException {
        Path missing = folder.resolve("lib");
        refused(missing, true, missing + ": found no folder with ONNX Runtime's libraries, expected lib/ beside");
        refused(folder, true, library() + ": found no such file" + OF_THIS_BUILD);
        Files.createDirectory(library());
        refused(folder, true, library() + ": found no file" + OF_THIS_BUILD);
        assertEquals(0, Files.list(library()).count());
    }

    @Test
    void aMissingFolderOrLibraryOfTheOperatorIsNamed() throws IOException {
        Path missing = folder.resolve("opt");
        refused(
                missing,
                false,
                missing + ": found no such folder, expected one with libonnxruntime.so; correct --ort-lib");
        refused(
                folder,
                false,
                folder + ": found no libonnxruntime.so, expected ONNX Runtime for this machine; correct");
        Path file = Files.createFile(folder.resolve("file"));
        refused(file, false, file + ": found no folder, expected one with libonnxruntime.so");
    }

    @Test
    void anOperatorsLibraryMayHaveAVersionBehindItsName() throws IOException {
        Path versioned = Files.createFile(folder.resolve("libonnxruntime.so.1.23.2"));
        assertEquals(versioned, OrtLibrary.find(folder, false));
        refused(folder, true, library() + ": found no such file");

        Files.createFile(library());
        assertEquals(library(), OrtLibrary.find(folder, false));
        assertEquals(library(), OrtLibrary.find(folder, true));
    }

    /** The system names the file once more. */
    @Test
    void aLibraryThatCannotBeLoadedIsNamedOnce() {
        GlintException e = OrtLibrary.unloadable(library(), library() + ": file too short", true);
        assertEquals(
                library() + ": found a library that cannot be loaded (libonnxruntime.so: file too short)"
                        + OF_THIS_BUILD,
                e.getMessage());
        assertEquals(Reason.INPUT, e.reason());
    }

    private Path library() {
        return folder.resolve("libonnxruntime.so");
    }

    private static void refused(Path folder, boolean bundled, String message) {
        GlintException e = assertThrows(GlintException.class, () -> OrtLibrary.find(folder, bundled));
        assertEquals(Reason.INPUT, e.reason());
        assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
    }
}
