package dev.glint.classify.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The loops in C against plain ones in C, on random shapes, where there is a compiler. */
class KernelsInCTest {
    private static final int SKIPPED = 3;

    @Test
    void loopsForThisProcessorGiveWhatPlainOnesGive() throws IOException, InterruptedException {
        // Where AVX-512 can stand in for AVX-VNNI, its tiles are tried too.
        String out = check("check", "40", "CFLAGS=-DAVX512_FOR_AVX_VNNI=1");
        assertTrue(out.endsWith(": 40 shapes as expected\n"), out);
    }

    @Test
    void loopsForArmGiveWhatPlainOnesGive() throws IOException, InterruptedException {
        assertEquals("""
                cortex-a53:
                neon: 10 shapes as expected
                cortex-a76:
                neon-dot: 10 shapes as expected
                neon: 10 shapes as expected
                """, check("--arm", "cortex-a53 cortex-a76", "check", "10"));
    }

    @Test
    void noByteOutsideOfTheBuffersIsTouched() throws IOException, InterruptedException {
        String out = check("check", "15", "2", "CFLAGS=-fsanitize=address,undefined -fno-sanitize-recover -O1");
        assertTrue(out.endsWith(": 15 shapes as expected\n"), out);
    }

    /** What the program prints; a last argument with = goes into its environment. */
    private static String check(String... arguments) throws IOException, InterruptedException {
        Path script = Path.of("benchmarks", "kernels").toAbsolutePath();
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs /bin/sh");
        List<String> command = new ArrayList<>(List.of("/bin/sh", script.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("CFLAGS");
        for (String argument : arguments) {
            int value = argument.indexOf('=') + 1;
            if (value == 0) {
                command.add(argument);
            } else {
                builder.environment().put(argument.substring(0, value - 1), argument.substring(value));
            }
        }
        Process process = builder.command(command).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        assumeTrue(code != SKIPPED, out.strip());
        assertEquals(0, code, out);
        return out;
    }
}
