package dev.glint.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.image.AlphaRule;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.OrientationRule;
import dev.glint.runtime.image.Pixels;
import dev.glint.runtime.image.Resampler;
import dev.glint.runtime.image.SixteenBitRule;
import dev.glint.runtime.testing.Hashes;
import dev.glint.runtime.testing.Resources;
import dev.glint.runtime.testing.SyntheticPictures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation on pixels against what Pillow 9.4 and numpy made of the same picture, recorded by {@code record_pixels.py}. */
class RecordedPixelsTest {
    private static final Map<String, Mode> MODES =
            Map.of("L", Mode.GRAY, "LA", Mode.GRAY_ALPHA, "RGB", Mode.RGB, "RGBA", Mode.RGBA);

    static List<String> cases() {
        return Resources.lines("dev/glint/runtime/recorded-pixels.tsv");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void asRecorded(String line) {
        String[] fields = line.split("\t");
        assertEquals(fields[fields.length - 1], Hashes.of(result(new Arguments(fields))));
    }

    /** The fields of a case from left to right. */
    private static final class Arguments {
        private final String[] fields;
        private int next;

        Arguments(String[] fields) {
            this.fields = fields;
        }

        String word() {
            return fields[next++];
        }

        int number() {
            return Integer.parseInt(word());
        }

        Image picture() {
            Mode mode = MODES.get(word());
            return picture(mode);
        }

        Image picture(Mode mode) {
            return SyntheticPictures.noise(number(), number(), mode);
        }

        Interpolation interpolation() {
            return Interpolation.valueOf(word());
        }
    }

    private static byte[] result(Arguments given) {
        String operation = given.word();
        return switch (operation) {
            case "resize" -> {
                Image picture = given.picture();
                yield Resampler.resize(picture, given.number(), given.number(), given.interpolation())
                        .samples();
            }
            case "shorter" -> {
                Image picture = given.picture(Mode.GRAY);
                yield step(picture, new GeometricStep.ResizeShorterSide(given.number(), Interpolation.BILINEAR));
            }
            case "crop" -> {
                Image picture = given.picture(Mode.RGB);
                yield step(picture, new GeometricStep.CenterCrop(given.number(), given.number()));
            }
            case "fit" -> fit(given);
            case "longer" -> {
                Image picture = given.picture(Mode.RGB);
                yield step(picture, new GeometricStep.ResizeLongerSide(given.number(), given.interpolation()));
            }
            case "pad" -> pad(given);
            case "tensor" -> tensor(given);
            case "gray" -> gray(given);
            case "drop" -> new AlphaRule.Drop().apply(given.picture()).toRgb().samples();
            case "composite" -> {
                Image picture = given.picture();
                AlphaRule over = new AlphaRule.CompositeOver(given.number(), given.number(), given.number());
                yield over.apply(picture).samples();
            }
            case "orientation" -> {
                int orientation = given.number();
                Image picture = given.picture();
                yield new Image(picture.width(), picture.height(), picture.mode(), orientation, picture.samples())
                        .upright()
                        .samples();
            }
            case "contract" -> contract(given);
            default -> throw new IllegalArgumentException(operation);
        };
    }

    private static byte[] gray(Arguments given) {
        if (given.word().equals("RGB")) {
            return Pixels.gray(given.picture(Mode.RGB)).samples();
        }
        byte[] samples = new byte[86 * 86 * 86 * 3];
        for (int i = 0; i < 86 * 86 * 86; i++) {
            samples[3 * i] = (byte) (i / (86 * 86) * 3);
            samples[3 * i + 1] = (byte) (i / 86 % 86 * 3);
            samples[3 * i + 2] = (byte) (i % 86 * 3);
        }
        return Pixels.gray(new Image(86 * 86, 86, Mode.RGB, samples)).samples();
    }

    private static byte[] step(Image picture, GeometricStep step) {
        return step.apply(picture).samples();
    }

    private static byte[] fit(Arguments given) {
        Image picture = given.picture();
        return step(
                picture,
                new GeometricStep.Fit(
                        given.number(),
                        given.number(),
                        given.interpolation(),
                        given.number(),
                        given.number(),
                        given.number()));
    }

    private static byte[] pad(Arguments given) {
        Image picture = given.picture();
        return step(
                picture,
                new GeometricStep.Pad(
                        given.number(),
                        given.number(),
                        Placement.valueOf(given.word()),
                        given.number(),
                        given.number(),
                        given.number()));
    }

    private static byte[] tensor(Arguments given) {
        Image picture = given.picture();
        int side = given.number();
        Layout layout = Layout.valueOf(given.word());
        ColorSpace colors = ColorSpace.valueOf(given.word());
        ElementType type = ElementType.valueOf(given.word());
        boolean bytes = type == ElementType.UINT8;
        int channels = colors.mode().channels();
        Preprocessor preprocessor = new Preprocessor(new PreprocessContract(
                DecodeRule.FULL,
                colors,
                new AlphaRule.Drop(),
                OrientationRule.APPLY,
                SixteenBitRule.AS_PILLOW,
                List.of(new GeometricStep.ResizeExact(side, side, Interpolation.BILINEAR)),
                bytes ? 1 : 1 / 255.0,
                (bytes ? List.of(0.0, 0.0, 0.0) : List.of(0.1, 0.2, 0.3)).subList(0, channels),
                (bytes ? List.of(1.0, 1.0, 1.0) : List.of(0.4, 0.5, 0.6)).subList(0, channels),
                layout,
                type,
                side,
                side,
                "input",
                List.of("a", "b"),
                OutputKind.LOGITS));
        ByteBuffer tensor = ByteBuffer.allocate(
                        type.bytes() * preprocessor.contract().tensorSize())
                .order(ByteOrder.LITTLE_ENDIAN);
        preprocessor.preprocess(picture, type.view(tensor));
        return tensor.array();
    }

    private static byte[] contract(Arguments given) {
        Image picture = given.picture();
        boolean gray = picture.mode() == Mode.GRAY;
        int shorter = given.number();
        int crop = given.number();
        Preprocessor preprocessor = new Preprocessor(new PreprocessContract(
                gray ? ColorSpace.GRAY : ColorSpace.RGB,
                new AlphaRule.Drop(),
                OrientationRule.APPLY,
                SixteenBitRule.AS_PILLOW,
                List.of(
                        new GeometricStep.ResizeShorterSide(shorter, Interpolation.BILINEAR),
                        new GeometricStep.CenterCrop(crop, crop)),
                1 / 255.0,
                gray ? List.of(0.1307) : List.of(0.485, 0.456, 0.406),
                gray ? List.of(0.3081) : List.of(0.229, 0.224, 0.225),
                crop,
                crop,
                "input",
                List.of("a", "b")));
        ByteBuffer bytes =
                ByteBuffer.allocate(4 * preprocessor.contract().tensorSize()).order(ByteOrder.LITTLE_ENDIAN);
        preprocessor.preprocess(picture, bytes.asFloatBuffer());
        return bytes.array();
    }
}
