package dev.glint.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.AlphaRule;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.OrientationRule;
import dev.glint.runtime.image.SixteenBitRule;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractJsonTest {
    private static final PreprocessContract PHOTO = new PreprocessContract(
            ColorSpace.RGB,
            new AlphaRule.CompositeOver(255, 254, 3),
            OrientationRule.APPLY,
            SixteenBitRule.HIGH_BYTE,
            List.of(
                    new GeometricStep.ResizeShorterSide(256, Interpolation.BILINEAR),
                    new GeometricStep.Fit(300, 280, Interpolation.LANCZOS, 1, 2, 3),
                    new GeometricStep.ResizeExact(240, 230, Interpolation.NEAREST),
                    new GeometricStep.CenterCrop(224, 160)),
            1 / 255.0,
            List.of(0.485, 0.456, 0.406),
            List.of(0.229, 0.224, 0.225),
            224,
            160,
            "pixels",
            List.of("cat", "dog \"Rex\"", "Fuß"));

    private static final PreprocessContract DIGIT = new PreprocessContract(
            ColorSpace.GRAY,
            new AlphaRule.Drop(),
            OrientationRule.IGNORE,
            SixteenBitRule.AS_PILLOW,
            List.of(new GeometricStep.Fit(28, 28, Interpolation.BOX, 0, 0, 0)),
            1 / 255.0,
            List.of(0.1307),
            List.of(0.3081),
            28,
            28,
            "input",
            List.of("0", "1"));

    /** Files in the field carry this text: a change of it is a change of the schema. */
    private static final String DIGIT_JSON = "{\"schema\":1,\"colorSpace\":\"GRAY\",\"alpha\":{\"rule\":\"drop\"},"
            + "\"orientation\":\"ignore\",\"sixteenBit\":\"as-pillow\","
            + "\"steps\":[{\"step\":\"fit\",\"width\":28,\"height\":28,\"interpolation\":\"box\",\"color\":[0,0,0]}],"
            + "\"scale\":0.00392156862745098,\"mean\":[0.1307],\"std\":[0.3081],\"layout\":\"NCHW\","
            + "\"shape\":[1,28,28],\"inputName\":\"input\",\"labels\":[\"0\",\"1\"]}";

    /** All that the second version added. */
    private static final PreprocessContract CAFFE = new PreprocessContract(
            DecodeRule.SCALED,
            ColorSpace.BGR,
            new AlphaRule.Drop(),
            OrientationRule.APPLY,
            SixteenBitRule.AS_PILLOW,
            List.of(
                    new GeometricStep.ResizeLongerSide(8, Interpolation.BILINEAR),
                    new GeometricStep.Pad(9, 8, Placement.TOP_LEFT, 1, 2, 3)),
            1,
            List.of(0.0, 0.0, 0.0),
            List.of(1.0, 1.0, 1.0),
            Layout.NHWC,
            ElementType.UINT8,
            9,
            8,
            "data",
            List.of("a", "b"),
            OutputKind.PROBABILITIES);

    private static final String CAFFE_JSON = "{\"schema\":2,\"decode\":\"scaled\",\"colorSpace\":\"BGR\","
            + "\"alpha\":{\"rule\":\"drop\"},\"orientation\":\"apply\",\"sixteenBit\":\"as-pillow\","
            + "\"steps\":[{\"step\":\"resize-longer-side\",\"size\":8,\"interpolation\":\"bilinear\"},"
            + "{\"step\":\"pad\",\"width\":9,\"height\":8,\"placement\":\"top-left\",\"color\":[1,2,3]}],"
            + "\"scale\":1.0,\"mean\":[0.0,0.0,0.0],\"std\":[1.0,1.0,1.0],\"layout\":\"NHWC\","
            + "\"elementType\":\"uint8\",\"shape\":[8,9,3],\"inputName\":\"data\",\"labels\":[\"a\",\"b\"],"
            + "\"output\":\"probabilities\"}";

    @Test
    void writesWhatWasWrittenBefore() {
        assertEquals(DIGIT_JSON, DIGIT.toJson());
    }

    @Test
    void writesTheSecondVersionWhereTheFirstCannotSayIt() {
        assertEquals(CAFFE_JSON, CAFFE.toJson());
        assertEquals(CAFFE, PreprocessContract.fromJson(CAFFE_JSON));
        for (PreprocessContract second : List.of(
                DIGIT.withDecode(DecodeRule.SCALED),
                changed(CAFFE_JSON, "\"decode\":\"scaled\"", "\"decode\":\"full\""),
                changed(CAFFE_JSON, "\"BGR\"", "\"RGB\""),
                changed(
                        CAFFE_JSON,
                        "\"NHWC\",\"elementType\":\"uint8\",\"shape\":[8,9,3]",
                        "\"NCHW\",\"elementType\":\"float32\",\"shape\":[3,8,9]"),
                changed(CAFFE_JSON, "\"probabilities\"", "\"logits\""))) {
            assertEquals(2, second.schema());
            assertEquals(second, PreprocessContract.fromJson(second.toJson()));
        }
        assertEquals(1, PHOTO.schema());
        assertEquals(DIGIT, DIGIT.withDecode(DecodeRule.SCALED).withDecode(DecodeRule.FULL));
    }

    /** A device of before the second version compares the number and nothing else: this is what its users read. */
    @Test
    void theVersionIsTheFirstThingThatIsCompared() {
        String vain = "{\"labels\":7,\"schema\":3}";
        GlintException e = assertThrows(GlintException.class, () -> PreprocessContract.fromJson(vain));
        assertEquals(Reason.MODEL, e.reason());
        assertEquals(
                "found contract schema 3, expected schema 1 to 2; use the Glint version that wrote the model, or export it again",
                e.getMessage());
    }

    @Test
    void asManyLabelsAsItMayHaveAndNoMore() {
        assertEquals(
                32_768, PreprocessContract.fromJson(labelled(32_768)).labels().size());
        assertRefused(labelled(32_769), "32769 labels");
    }

    @Test
    void asMuchTextAsItMayHaveAndNoMore() {
        String longest = DIGIT_JSON + " ".repeat((1 << 20) - DIGIT_JSON.length());

        assertEquals(DIGIT, PreprocessContract.fromJson(longest));
        assertRefused(longest + " ", "1048577 characters");
    }

    @Test
    void asManyCommasAndBracketsAsItMayHaveAndNoMore() {
        int commas = (1 << 17) - (int) DIGIT_JSON.chars().filter(c -> c == ',').count() - 1;
        int brackets = (1 << 12)
                - (int) DIGIT_JSON.chars().filter(c -> c == '[' || c == '{').count()
                - 1;

        assertEquals(DIGIT, PreprocessContract.fromJson(withMore("0" + ",0".repeat(commas))));
        assertRefused(withMore("0" + ",0".repeat(commas + 1)), "131073 commas");
        assertEquals(DIGIT, PreprocessContract.fromJson(withMore("[]" + ",[]".repeat(brackets - 1))));
        assertRefused(withMore("[]" + ",[]".repeat(brackets)), "and 4097 opening brackets");
        assertRefused(withMore("{}" + ",{}".repeat(brackets)), "and 4097 opening brackets");
    }

    private static String labelled(int count) {
        String labels = IntStream.range(0, count).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));
        return DIGIT_JSON.replace("\"0\",\"1\"", labels);
    }

    /** With a field that nobody knows. */
    private static String withMore(String elements) {
        return DIGIT_JSON.replaceFirst("\\{", "{\"more\":[" + elements + "],");
    }

    private static void assertRefused(String json, String why) {
        GlintException e = assertThrows(GlintException.class, () -> PreprocessContract.fromJson(json));
        assertEquals(Reason.MODEL, e.reason());
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    /** What a newer build would find in a file of the first version is not there for an older one, so it does not count. */
    @Test
    void fieldsOfTheSecondVersionMeanNothingInTheFirst() {
        String extended = DIGIT_JSON.replace("{\"schema\":1,", "{\"schema\":1,\"decode\":\"scaled\",\"output\":7,");
        assertEquals(DIGIT, PreprocessContract.fromJson(extended));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"scaled\"| \"draft\"| DecodeRule draft",
                "\"uint8\"| \"int8\"| ElementType int8",
                "\"uint8\"| 8| a text is needed",
                "\"probabilities\"| \"sigmoid\"| OutputKind sigmoid",
                "\"BGR\"| \"BRG\"| colour space BRG",
                "\"NHWC\"| \"NHCW\"| layout NHCW",
                "\"scale\":1.0| \"scale\":0.5| samples of 8 bits are not normalized",
                "[0.0,0.0,0.0]| [0.0,1.0,0.0]| samples of 8 bits are not normalized",
                "[1.0,1.0,1.0]| [1.0,2.0,1.0]| samples of 8 bits are not normalized",
                "[8,9,3]| [3,8,9]| must leave 8x3",
                "[8,9,3]| [8,9,1]| shape [8; 9; 1] in BGR",
                "[8,9,3]| [8]| Index 1",
                "\"top-left\"| \"left\"| Placement left",
                "\"output\"| \"outcome\"| no field output",
            })
    void refusesWhatIsNoContractOfTheSecondVersion(String part, String replacement, String found) {
        GlintException e = assertThrows(GlintException.class, () -> changed(CAFFE_JSON, part, replacement));
        assertEquals(Reason.MODEL, e.reason());
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(found.replace(';', ',')), message);
    }

    private static PreprocessContract changed(String json, String part, String replacement) {
        String other = json.replace(part, replacement);
        assertTrue(!other.equals(json), "nothing replaced");
        return PreprocessContract.fromJson(other);
    }

    @Test
    void readsWhatItWrites() {
        assertEquals(PHOTO, PreprocessContract.fromJson(PHOTO.toJson()));
        assertEquals(DIGIT, PreprocessContract.fromJson(DIGIT_JSON));
        assertEquals(1, PHOTO.toJson().lines().count());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"schema\":1| \"schema\":3| contract schema 3",
                "\"schema\":1| \"schema\":0| contract schema 0",
                "\"schema\":1| \"schema\":2| no field decode",
                "\"schema\":1| \"version\":1| no field schema",
                "\"NCHW\"| \"NHWC\"| layout NHWC in schema 1",
                "\"NCHW\"| \"nchw\"| layout nchw",
                "\"step\":\"fit\"| \"placement\":\"center\",\"step\":\"pad\"| what only schema 2 has; in schema 1",
                "\"GRAY\"| \"CMYK\"| colour space CMYK",
                "\"GRAY\"| \"RGB\"| a value per channel",
                "\"ignore\"| \"mirror\"| OrientationRule mirror",
                "\"as-pillow\"| \"AS_PILLOW\"| SixteenBitRule AS_PILLOW",
                "\"drop\"| \"keep\"| alpha rule keep",
                "\"fit\"| \"tile\"| step tile",
                "\"box\"| \"area\"| Interpolation area",
                "[0,0,0]| [0,0]| a colour of 2 components",
                "[0,0,0]| [0,0,0,0]| a colour of 4 components",
                "[0,0,0]| [0,256,0]| a colour of 0; 256; 0",
                "[1,28,28]| [1,28]| Index 2",
                "[1,28,28]| [3,28,28]| shape [3; 28; 28] in GRAY",
                "[1,28,28]| [1,32,28]| must leave 28x32",
                "[1,28,28]| [1,28.9,28]| a whole number is needed; not 28.9",
                "[1,28,28]| [1,28,28.2]| a whole number is needed; not 28.2",
                "[1,28,28]| [1,28,4294967324]| a whole number is needed; not 4294967324",
                "[1,28,28]| [1,28,1e99]| a whole number is needed; not 1e99",
                "[1,28,28]| [1,28,NaN]| a number is needed; not",
                "[1,28,28]| [1,28,[28]]| a number is needed; not [28]",
                "[1,28,28]| [1,28,\"28\"]| a number is needed",
                "[1,28,28]| [1,28,true]| a number is needed",
                "\"schema\":1| \"schema\":1.5| a whole number is needed; not 1.5",
                "\"schema\":1| \"schema\":[1]| a number is needed; not [1]",
                "0.00392156862745098| \"0.1\"| a number is needed",
                "[0.1307]| [[0.1307]]| a number is needed",
                "\"input\"| 7| a text is needed; not 7",
                "\"input\"| [\"input\"]| a text is needed",
                "[\"0\",\"1\"]| [\"0\",1]| a text is needed; not 1",
                "\"steps\":[| \"steps\":[7,| invalid preprocessing contract",
                "[1,28,28]| [1,28,28,1]| shape [1; 28; 28; 1]",
                "\"width\":28| \"width\":0| a size of 0x28",
                "0.00392156862745098| -1| finite numbers",
                "0.00392156862745098| NaN| a number is needed",
                "[0.3081]| [0]| std must be positive",
                "[0.3081]| [1e-60]| std must be positive",
                "[\"0\",\"1\"]| []| labels must be unique",
                "[\"0\",\"1\"]| [\"0\",\"0\"]| labels must be unique",
                "[\"0\",\"1\"]| [null]| invalid preprocessing contract",
                "\"input\"| \"\"| needs a name",
                "{\"schema\"| \"schema\"| invalid preprocessing contract",
            })
    void refusesWhatIsNoContract(String part, String replacement, String found) {
        String broken = DIGIT_JSON.replace(part, replacement);
        assertTrue(!broken.equals(DIGIT_JSON), "nothing replaced");
        GlintException e = assertThrows(GlintException.class, () -> PreprocessContract.fromJson(broken));
        assertEquals(Reason.MODEL, e.reason());
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(found.replace(';', ',')), message);
    }

    /** 16,384 x 16,384 x 3 values are more than an array, or an int, can count. */
    @Test
    void refusesATensorThatNothingCanHold() {
        String vast = DIGIT_JSON
                .replace("28", "16384")
                .replace("GRAY", "RGB")
                .replace("[1,", "[3,")
                .replace("[0.1307]", "[0,0,0]")
                .replace("[0.3081]", "[1,1,1]");

        GlintException e = assertThrows(GlintException.class, () -> PreprocessContract.fromJson(vast));

        assertEquals(Reason.MODEL, e.reason());
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("a size of 16384x16384, more than 40000000 pixels"), message);
    }

    /** Neither the parser nor what follows it may run out of stack, or print what it found at any length. */
    @Test
    void refusesDeepNestingInEveryField() {
        for (String field : List.of(
                "1",
                "\"GRAY\"",
                "{\"rule\":\"drop\"}",
                "\"ignore\"",
                "\"as-pillow\"",
                "\"fit\"",
                "\"box\"",
                "0.00392156862745098",
                "[0.1307]",
                "[0.3081]",
                "\"NCHW\"",
                "[1,28,28]",
                "\"input\"",
                "[\"0\",\"1\"]")) {
            for (int depth : new int[] {200, 100_000}) {
                String deep = DIGIT_JSON.replaceFirst(
                        ":" + Pattern.quote(field), ":" + "[".repeat(depth) + field + "]".repeat(depth));
                assertTrue(!deep.equals(DIGIT_JSON), field);
                GlintException e = assertThrows(GlintException.class, () -> PreprocessContract.fromJson(deep), field);
                assertEquals(Reason.MODEL, e.reason());
                assertTrue(String.valueOf(e.getMessage()).length() < 3000, field);
            }
        }
    }

    @Test
    void refusesTextThatIsNoJsonObject() {
        for (String text : List.of("", "[]", "null", "7", "{", "[".repeat(100_000))) {
            GlintException e = assertThrows(GlintException.class, () -> PreprocessContract.fromJson(text));
            assertEquals(Reason.MODEL, e.reason());
        }
    }
}
