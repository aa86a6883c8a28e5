package dev.glint.trainer.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Writes small files in the form of CIFAR-10's binary version. */
public final class Cifar10Files {
    private static final int RECORD = 3073;

    private Cifar10Files() {}

    /** A whole data set with this many pictures per file; the label of record i is i modulo 10. */
    public static void write(Path folder, int perFile) throws IOException {
        Files.createDirectories(folder);
        Random random = new Random(5);
        for (String name : new String[] {
            "data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"
        }) {
            byte[] content = new byte[perFile * RECORD];
            random.nextBytes(content);
            for (int i = 0; i < perFile; i++) {
                content[i * RECORD] = (byte) (i % 10);
            }
            Files.write(folder.resolve(name + ".bin"), content);
        }
        Files.writeString(
                folder.resolve("batches.meta.txt"),
                "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
    }
}
