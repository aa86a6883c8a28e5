package dev.glint.trainer.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledTorchTest {
    @TempDir
    Path home;

    private Path libraries;

    @BeforeEach
    void libraries() throws IOException {
        libraries = Files.createDirectory(home.resolve("lib"));
    }

    @Test
    void readsTheVersionOfAPythonPackage() throws IOException {
        Files.writeString(
                home.resolve("version.py"),
                "from typing import Optional\n\n__all__ = ['__version__', 'cuda']\n__version__ = '2.7.1+cu128'\n"
                        + "cuda: Optional[str] = '12.8'\n");
        InstalledTorch torch = new InstalledTorch(libraries, "2.7.1+cu128");
        assertEquals(Optional.of(torch), InstalledTorch.find(libraries.toString()));
        assertEquals(
                Optional.of(torch),
                InstalledTorch.find(home.resolve("none") + File.pathSeparator + libraries),
                "behind a folder that is missing");
        assertEquals(Map.of("PYTORCH_VERSION", "2.7.1", "PYTORCH_FLAVOR", "cu128"), torch.settings("2.7.1", "cu128"));
    }

    @Test
    void readsTheVersionOfAnArchiveForCpp() throws IOException {
        Files.writeString(home.resolve("build-version"), "2.7.1+cpu\n");
        Path library = Files.createFile(libraries.resolve("libtorch.so"));
        InstalledTorch torch = InstalledTorch.find(library.toString()).orElseThrow();
        assertEquals(new InstalledTorch(libraries, "2.7.1+cpu"), torch);
        assertEquals(Map.of("PYTORCH_VERSION", "2.7.1", "PYTORCH_FLAVOR", "cpu"), torch.settings("2.7.1", "cu128"));
    }

    @Test
    void refusesAnotherVersion() {
        GlintException failure = assertThrows(
                GlintException.class, () -> new InstalledTorch(libraries, "2.7.0+cu128").settings("2.7.1", "cu128"));
        assertEquals(Reason.USAGE, failure.reason());
        assertTrue(
                failure.getMessage().startsWith(libraries + ": found torch 2.7.0+cu128, expected 2.7.1"),
                failure.getMessage());
    }

    @Test
    void saysNothingWhereThereIsNone() {
        assertEquals(Optional.empty(), InstalledTorch.find(""));
        assertEquals(Optional.empty(), InstalledTorch.find(libraries.toString()));
    }
}
