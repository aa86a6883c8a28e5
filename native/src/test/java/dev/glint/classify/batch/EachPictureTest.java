package dev.glint.classify.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glint.console.Output;
import dev.glint.console.Streams;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EachPictureTest {
    private static final List<Picture> PICTURES = List.of(
            new Picture.InFile(Path.of("a")), new Picture.InFile(Path.of("b")), new Picture.InFile(Path.of("c")));

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> tried = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    private int process(EachPicture.Action action) throws IOException {
        Streams streams = new Streams(
                InputStream.nullInputStream(),
                new Output(new ByteArrayOutputStream()),
                Streams.printer(err),
                Optional.empty(),
                Map.of());
        Iterator<Picture> pictures = PICTURES.iterator();
        PictureSource source = () -> pictures.hasNext() ? Optional.of(pictures.next()) : Optional.empty();
        return new EachPicture(streams, false, (name, failure) -> failed.add(name)).process(source, picture -> {
            tried.add(picture.name());
            action.accept(picture);
        });
    }

    @Test
    void tooLittleMemoryForOnePictureIsItsFailure() throws IOException {
        int exitCode = process(picture -> {
            if (picture.name().equals("b")) {
                throw new OutOfMemoryError("Java heap space");
            }
        });

        assertEquals(6, exitCode);
        assertEquals(List.of("a", "b", "c"), tried);
        assertEquals(List.of("b"), failed);
        assertEquals(
                "error: b: found too little memory, expected room for the picture and the model; use smaller ones\n",
                err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theFirstFailureDecides() throws IOException {
        int exitCode = process(picture -> {
            if (!picture.name().equals("a")) {
                throw GlintException.failure(picture.name().equals("b") ? Reason.MODEL : Reason.INPUT, "x", "y", "z");
            }
        });

        assertEquals(4, exitCode);
        assertEquals(List.of("b", "c"), failed);
    }

    @Test
    void whatNoPictureIsToBlameForEndsIt() {
        assertThrows(
                IllegalStateException.class,
                () -> process(picture -> {
                    throw new IllegalStateException();
                }));
        assertEquals(List.of("a"), tried);
        assertEquals(List.of(), failed);
    }
}
