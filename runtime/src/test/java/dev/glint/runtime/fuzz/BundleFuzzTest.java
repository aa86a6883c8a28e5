package dev.glint.runtime.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.runtime.bundle.Bundle;
import dev.glint.runtime.bundle.BundlePart;
import dev.glint.runtime.bundle.BundleWriter;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever lies behind a program, it is no bundle, one whose parts lie in the file, or one line of failure that blames the file.
 * To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl runtime test -Dtest='BundleFuzzTest#directory' -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * </pre>
 */
class BundleFuzzTest {
    private static final int TRAILER = 16;
    private static final int PROGRAM = 64;

    static Stream<byte[]> wholeSeeds() throws IOException {
        return Stream.of(new byte[0], small(true), small(false));
    }

    /** A program of a few bytes with a model, and perhaps a library, that are none; what aligns them is left out. */
    private static byte[] small(boolean withLibrary) throws IOException {
        Path folder = Files.createTempDirectory("bundle");
        Path program = Files.write(folder.resolve("classify"), new byte[] {0x7f, 'E', 'L', 'F'});
        Path part = Files.writeString(folder.resolve("a.onnx"), "model");
        Path target = folder.resolve("bundle");
        BundleWriter.write(program, part, withLibrary ? Optional.of(part) : Optional.empty(), target);
        byte[] whole = Files.readAllBytes(target);
        for (Path file : new Path[] {program, part, target, folder}) {
            Files.delete(file);
        }
        ByteBuffer end = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        int directory = end.getInt(whole.length - Integer.BYTES);
        String text = new String(whole, whole.length - TRAILER - directory, directory, StandardCharsets.UTF_8)
                .replaceAll("\"offset\":\\d+", "\"offset\":4");
        return file(text.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<byte[]> directorySeeds() throws IOException {
        // A name that is none was an internal error once.
        byte[] nameless =
                "{\"model\":{\"name\":{},\"offset\":4,\"bytes\":5,\"sha256\":\"\"}}".getBytes(StandardCharsets.UTF_8);
        return Stream.concat(
                Stream.of(nameless),
                wholeSeeds()
                        .filter(whole -> whole.length > 0)
                        .map(whole -> Arrays.copyOfRange(whole, PROGRAM, whole.length - TRAILER)));
    }

    private static byte[] file(byte[] directory) {
        return ByteBuffer.allocate(PROGRAM + directory.length + TRAILER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[PROGRAM])
                .put(directory)
                .put("GLINTBND".getBytes(StandardCharsets.US_ASCII))
                .putInt(1)
                .putInt(directory.length)
                .array();
    }

    @MethodSource("wholeSeeds")
    @FuzzTest(maxDuration = "20m")
    void whole(byte[] data) throws IOException {
        check(data);
    }

    /** Behind a program, with an end that says how long it is. */
    @MethodSource("directorySeeds")
    @FuzzTest(maxDuration = "20m")
    void directory(byte[] data) throws IOException {
        check(file(data));
    }

    private static void check(byte[] data) throws IOException {
        Path file = Files.createTempFile("bundle", "");
        try {
            Files.write(file, data);
            Optional<Bundle> bundle = Bundle.find(file);
            if (bundle.isPresent()) {
                BundlePart model = bundle.get().model();
                assertEquals(model.bytes(), bundle.get().mapped(model).remaining());
                bundle.get().library().ifPresent(bundle.get()::verified);
                bundle.get().verified(model);
            }
        } catch (GlintException e) {
            assertEquals(Reason.MODEL, e.reason());
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        } finally {
            Files.delete(file);
        }
    }
}
