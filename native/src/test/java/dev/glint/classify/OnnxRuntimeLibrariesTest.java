package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRuntimeLibrariesTest {
    private static final String REMEDY = "; unpack the whole archive for this machine again";

    @TempDir
    private Path folder;

    @Test
    void aMissingFolderOrLibraryIsNamed() throws IOException {
        refused(folder.resolve("lib"), folder.resolve("lib"), "found no folder with ONNX Runtime's libraries");
        refused(folder, library(), "found no such file, expected ONNX Runtime 1.");
        Files.createDirectory(library());
        refused(folder, library(), "found no file, expected ONNX Runtime 1.");
    }

    @Test
    void aFileThatIsNoLibraryIsNamed() throws IOException {
        for (String content : new String[] {"", "#!/bin/sh\n", "text ".repeat(1_000)}) {
            Files.writeString(library(), content);
            GlintException e = refused(folder, library(), "found a library that cannot be loaded (");
            assertTrue(String.valueOf(e.getMessage()).endsWith(REMEDY), e.getMessage());
            // The system's words for it come without a second and a third copy of the path.
            assertEquals(
                    String.valueOf(e.getMessage()).indexOf(folder.toString()),
                    String.valueOf(e.getMessage()).lastIndexOf(folder.toString()));
        }
    }

    @Test
    void aLibraryForAnotherMachineIsNamed() throws IOException {
        String other = System.getProperty("os.arch").equals("aarch64") ? "linux-x64" : "linux-aarch64";
        try (InputStream in =
                OrtEnvironment.class.getResourceAsStream("native/" + other + "/libonnxruntime4j_jni.so")) {
            Files.copy(in, library());
        }
        refused(folder, library(), "found a library that cannot be loaded (");
    }

    @Test
    void anotherVersionIsNamed() {
        OnnxRuntimeLibraries.requireVersion(folder, OnnxRuntimeLibraries.VERSION);
        GlintException e =
                assertThrows(GlintException.class, () -> OnnxRuntimeLibraries.requireVersion(folder, "1.21.0"));
        assertEquals(
                folder + ": found ONNX Runtime 1.21.0, expected ONNX Runtime " + OnnxRuntimeLibraries.VERSION
                        + " for this machine" + REMEDY,
                e.getMessage());
    }

    private Path library() {
        return folder.resolve(System.mapLibraryName("onnxruntime"));
    }

    private static GlintException refused(Path folder, Path subject, String found) {
        GlintException e = assertThrows(GlintException.class, () -> OnnxRuntimeLibraries.load(folder));
        assertEquals(Reason.INPUT, e.reason());
        assertTrue(String.valueOf(e.getMessage()).startsWith(subject + ": " + found), e.getMessage());
        assertEquals(1, String.valueOf(e.getMessage()).lines().count(), e.getMessage());
        return e;
    }
}
