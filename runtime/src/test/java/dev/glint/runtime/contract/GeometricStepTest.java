package dev.glint.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.Size;
import dev.glint.runtime.testing.SyntheticPictures;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every step promises; a new one is found by itself and must keep it, too. */
class GeometricStepTest {

    /** Each kind of step, with each interpolation where it has one. */
    static Stream<GeometricStep> steps() {
        return Arrays.stream(GeometricStep.class.getPermittedSubclasses())
                .flatMap(kind -> Arrays.stream(Interpolation.values()).map(interpolation -> step(kind, interpolation)))
                .distinct();
    }

    /** Its numbers are 20, 21, 22, ... in their order. */
    private static GeometricStep step(Class<?> kind, Interpolation interpolation) {
        RecordComponent[] components = kind.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = IntStream.range(0, types.length)
                .mapToObj(i -> types[i] == Interpolation.class
                        ? interpolation
                        : types[i] == Placement.class ? Placement.TOP_LEFT : (Object) (20 + i))
                .toArray();
        try {
            return (GeometricStep) kind.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(
                    "a step is a record of whole numbers, an interpolation and a placement: " + kind, e);
        }
    }

    @Test
    void everyKindIsTried() {
        assertEquals(
                GeometricStep.class.getPermittedSubclasses().length,
                steps().map(Object::getClass).distinct().count());
        assertTrue(steps().count() > 4);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void readsTheJsonThatItWrites(GeometricStep step) {
        JsonObject json = JsonParser.parseString(step.toJson().toString()).getAsJsonObject();

        assertEquals("step", json.keySet().iterator().next());
        assertEquals(step, GeometricStep.fromJson(json));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void everyFieldOfItsJsonIsNeeded(GeometricStep step) {
        for (String field : step.toJson().keySet()) {
            JsonObject json = step.toJson();
            json.remove(field);
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> GeometricStep.fromJson(json));
            assertEquals("no field " + field, e.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void leavesTheSizeThatItSays(GeometricStep step) {
        for (Image picture : new Image[] {
            SyntheticPictures.noise(50, 31, Mode.RGB),
            SyntheticPictures.noise(7, 90, Mode.GRAY),
            SyntheticPictures.noise(1, 1, Mode.RGB)
        }) {
            Image result = step.apply(picture);
            Size size = new Size(result.width(), result.height());

            assertEquals(picture.mode(), result.mode());
            assertEquals(step.outputSize().orElse(size), size);
            Size stored = new Size(picture.width(), picture.height());
            if (step.interpolationMode().isPresent()) {
                Size resized = step.resizedSize(stored).orElseThrow();
                assertTrue(resized.width() <= size.width() && resized.height() <= size.height());
            } else {
                assertEquals(Optional.empty(), step.resizedSize(stored));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void sameKindAndInterpolationAtAnotherSize(GeometricStep step) {
        GeometricStep scaled = step.scaledTo(40, 2);

        assertEquals(step.getClass(), scaled.getClass());
        assertEquals(step.interpolationMode(), scaled.interpolationMode());
        assertEquals(step.outputSize().map(size -> new Size(40, 40)), scaled.outputSize());
    }

    @Test
    void theShorterSideGrowsWithTheModel() {
        GeometricStep step = new GeometricStep.ResizeShorterSide(256, Interpolation.BICUBIC);

        assertEquals(new GeometricStep.ResizeShorterSide(128, Interpolation.BICUBIC), step.scaledTo(112, 0.5));
        assertEquals(Optional.empty(), step.outputSize());
    }

    @Test
    void theLongerSideGrowsWithTheModel() {
        GeometricStep step = new GeometricStep.ResizeLongerSide(256, Interpolation.BICUBIC);

        assertEquals(new GeometricStep.ResizeLongerSide(128, Interpolation.BICUBIC), step.scaledTo(112, 0.5));
    }

    /** Readers of the first version would stop at a step that they do not know. */
    @Test
    void stepsThatTheFirstVersionDoesNotKnowAskForTheSecond() {
        for (GeometricStep step : steps().toList()) {
            boolean later = step instanceof GeometricStep.ResizeLongerSide || step instanceof GeometricStep.Pad;
            assertEquals(later ? 2 : 1, step.schema(), step.toString());
        }
    }

    @Test
    void aLetterboxIsTheLongerSideAndPadding() {
        Image picture = SyntheticPictures.noise(50, 31, Mode.RGB);
        Image fitted = new GeometricStep.Fit(24, 24, Interpolation.BICUBIC, 9, 8, 7).apply(picture);
        Image letterbox = new GeometricStep.Pad(24, 24, Placement.CENTER, 9, 8, 7)
                .apply(new GeometricStep.ResizeLongerSide(24, Interpolation.BICUBIC).apply(picture));

        assertArrayEquals(fitted.samples(), letterbox.samples());
    }

    @Test
    void stripsThatWouldBecomeGiganticAreRefused() {
        GeometricStep step = new GeometricStep.ResizeShorterSide(224, Interpolation.BILINEAR);
        Image strip = SyntheticPictures.noise(16_384, 1, Mode.GRAY);

        Exception e = assertThrows(GlintException.class, () -> step.apply(strip));

        assertTrue(e.getMessage().contains("to be resized to 3670016x224"), e.getMessage());
    }

    @Test
    void noStepIsLargerThanAPicture() {
        for (int[] size : new int[][] {{0, 1}, {1, 0}, {16_385, 1}, {1, 16_385}, {16_384, 16_384}, {6325, 6325}}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new GeometricStep.ResizeExact(size[0], size[1], Interpolation.BOX));
            assertThrows(IllegalArgumentException.class, () -> new GeometricStep.CenterCrop(size[0], size[1]));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new GeometricStep.Fit(size[0], size[1], Interpolation.BOX, 0, 0, 0));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new GeometricStep.Pad(size[0], size[1], Placement.CENTER, 0, 0, 0));
        }
        for (int size : new int[] {0, 6325}) {
            assertThrows(
                    IllegalArgumentException.class, () -> new GeometricStep.ResizeShorterSide(size, Interpolation.BOX));
            assertThrows(
                    IllegalArgumentException.class, () -> new GeometricStep.ResizeLongerSide(size, Interpolation.BOX));
        }
    }

    @Test
    void aStepMayBeAsLargeAsAPicture() {
        for (int[] size : new int[][] {{16_384, 1}, {1, 16_384}, {8000, 5000}}) {
            assertEquals(
                    Optional.of(new Size(size[0], size[1])),
                    new GeometricStep.CenterCrop(size[0], size[1]).outputSize());
        }
    }

    @Test
    void aColourHasComponentsOfAByte() {
        for (int[] color : new int[][] {{256, 0, 0}, {0, -1, 0}, {0, 0, 256}}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new GeometricStep.Fit(4, 4, Interpolation.BOX, color[0], color[1], color[2]));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new GeometricStep.Pad(4, 4, Placement.CENTER, color[0], color[1], color[2]));
        }
    }
}
