package dev.glint.runtime.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
    @TempDir
    private Path folder;

    /** The examples of FIPS 180-2: {@code abc}, and a million times {@code a}. */
    @Test
    void filesAndBytesHaveTheSameDigest() throws IOException {
        byte[] million = "a".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
        String digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                Sha256.ofBytes("abc".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(digest, Sha256.ofBytes(million));
        assertEquals(digest, Sha256.ofFile(Files.write(folder.resolve("million"), million)));
    }
}
