package dev.glint.trainer.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where JNA, by which DJL looks for GPUs, unpacks its library for as long as it takes to load it: a folder of this process that no one
 * else can read, instead of one in the user's caches. {@code -Djna.tmpdir=DIR} names another, where temporary files may not be run.
 */
final class JnaFolder {
    private static final String PROPERTY = "jna.tmpdir";

    private JnaFolder() {}

    /** Tells JNA, before it is asked for anything. */
    static synchronized void configure() {
        if (System.getProperty(PROPERTY) != null) {
            return;
        }
        try {
            Path folder = Files.createTempDirectory("glint-jna");
            folder.toFile().deleteOnExit();
            System.setProperty(PROPERTY, folder.toString());
        } catch (IOException e) {
            // Then it looks for a place itself.
        }
    }
}
