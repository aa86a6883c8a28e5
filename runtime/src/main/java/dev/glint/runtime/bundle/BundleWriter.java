package dev.glint.runtime.bundle;

import com.google.gson.JsonObject;
import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.file.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;

/** Writes a {@link Bundle}: the same parts give the same bytes. */
public final class BundleWriter {
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    private BundleWriter() {}

    /**
     * Puts a model, and perhaps a library, behind a program.
     *
     * @param program a native binary of {@code classify}, for whichever machine; not a bundle itself
     * @param target what becomes the bundle, executable for everyone; it appears whole or not at all
     * @throws GlintException ({@code INPUT}) naming the file that cannot be read or is not what it should be
     * @throws IOException if the target cannot be written
     */
    public static Bundle write(Path program, Path model, Optional<Path> library, Path target) throws IOException {
        requireProgram(program);
        AtomicFile.write(AtomicFile.behindLinks(target), channel -> {
            append(channel, program);
            JsonObject directory = new JsonObject();
            directory.add("model", appendPart(channel, model).toJson());
            if (library.isPresent()) {
                directory.add("library", appendPart(channel, library.get()).toJson());
            }
            byte[] json = directory.toString().getBytes(StandardCharsets.UTF_8);
            ByteBuffer end =
                    ByteBuffer.allocate(json.length + Bundle.TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            end.put(json).putLong(Bundle.MAGIC).putInt(Bundle.VERSION).putInt(json.length);
            write(channel, end.flip());
        });
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Bundle.find(target).orElseThrow();
    }

    private static void requireProgram(Path program) {
        try (InputStream content = Files.newInputStream(program)) {
            if (!Arrays.equals(content.readNBytes(ELF.length), ELF)) {
                throw GlintException.failure(
                                Reason.INPUT,
                                "no executable of Linux",
                                "the native binary of classify",
                                "build it with GRAALVM_HOME set, or name one with --binary")
                        .about(program);
            }
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.INPUT, program, "the native binary of classify", e);
        }
        if (Bundle.find(program).isPresent()) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "a program with a model already",
                            "the binary of classify alone",
                            "name the one that was unpacked from an archive or built")
                    .about(program);
        }
    }

    private static BundlePart appendPart(FileChannel channel, Path file) throws IOException {
        long over = channel.position() % Bundle.ALIGNMENT;
        write(channel, ByteBuffer.allocate((int) (over == 0 ? 0 : Bundle.ALIGNMENT - over)));
        long offset = channel.position();
        ByteBuffer content = append(channel, file);
        return new BundlePart(file.getFileName().toString(), offset, content.capacity(), Sha256.ofBuffer(content));
    }

    private static ByteBuffer append(FileChannel channel, Path file) throws IOException {
        ByteBuffer content;
        try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
            content = source.map(FileChannel.MapMode.READ_ONLY, 0, source.size());
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.INPUT, file, "a file to put into the bundle", e);
        }
        write(channel, content.duplicate());
        return content;
    }

    private static void write(FileChannel channel, ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            channel.write(content);
        }
    }
}
