package dev.glint.trainer.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import dev.glint.trainer.fit.ConfusionMatrix;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

final class SectionsTest {

    private static BufferedImage decode(Picture picture) throws IOException {
        String base64 = picture.uri().substring(picture.uri().indexOf(',') + 1);
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
    }

    @Test
    void aPictureKeepsItsPixels() throws IOException {
        byte[] samples = {(byte) 255, 0, 10, 1, 2, (byte) 200};
        BufferedImage decoded = decode(Picture.encode(new Image(2, 1, Image.Mode.RGB, samples)));
        assertEquals(0xffff000a, decoded.getRGB(0, 0));
        assertEquals(0xff0102c8, decoded.getRGB(1, 0));
        BufferedImage gray = decode(Picture.encode(new Image(1, 2, Image.Mode.GRAY, new byte[] {7, (byte) 250})));
        assertEquals(250, gray.getRaster().getSample(0, 1, 0));
    }

    @Test
    void heatGoesFromTheDarkestToTheLightestColor() throws IOException {
        BufferedImage heat = decode(Picture.heat(new float[] {-3, 1, 5, 5}, 2, 2));
        assertEquals(0xff440154, heat.getRGB(0, 0));
        assertEquals(0xfffde725, heat.getRGB(1, 1));
        assertEquals(0xff440154, decode(Picture.heat(new float[] {2, 2}, 2, 1)).getRGB(1, 0), "all the same");
    }

    @Test
    void shrinkingTakesMeansAndCutsWhatIsLeft() {
        float[] values = {1, 3, 9, 5, 7, 9, 0, 0, 0};
        assertArrayEquals(new float[] {4}, Picture.shrink(values, 3, 3, 2));
        assertArrayEquals(values, Picture.shrink(values, 3, 3, 1));
    }

    @Test
    void aFilterIsScaledAroundMiddleGray() {
        // Two channels of two weights would be no picture; three channels of one pixel are.
        Image tile = FilterTiles.tile(new float[] {9, 0.5f, -1, 0}, 1, 1, 1, 3);
        assertArrayEquals(new byte[] {(byte) 191, 0, (byte) 128}, tile.samples());
    }

    @Test
    void picturesAreEnlargedByWholeFactorsOrShrunk() {
        Picture small = Picture.encode(new Image(12, 6, Image.Mode.GRAY, new byte[72]));
        assertTrue(small.img("a", 100).contains("width=\"96\" height=\"48\""));
        Picture large = Picture.encode(new Image(200, 100, Image.Mode.GRAY, new byte[20_000]));
        assertTrue(large.img("a\"b", 100).contains("width=\"100\" height=\"50\" alt=\"a&quot;b\""));
    }

    /** By the formula, in Python; of 166 of 250 it is 66.4 % by 6 points. */
    @Test
    void anAccuracyHasAnInterval() {
        assertEquals("60.3 to 72.0 %", WilsonInterval.estimate(166, 250).toString());
        assertEquals("0.0 to 27.8 %", WilsonInterval.estimate(0, 10).toString());
        assertEquals("72.2 to 100.0 %", WilsonInterval.estimate(10, 10).toString());
        assertEquals("93.5 to 94.4 %", WilsonInterval.estimate(9_400, 10_000).toString());
    }

    @Test
    void aMistakeIsNamedByItsFile() {
        PictureSet pictures = new PictureSet() {
            @Override
            public int size() {
                return 1;
            }

            @Override
            public Image picture(int index) {
                return new Image(1, 1, Image.Mode.GRAY, new byte[1]);
            }

            @Override
            public int label(int index) {
                return 0;
            }

            @Override
            public String name(int index) {
                return Path.of("flowers", "test", "daisy", "a<b.png").toString();
            }
        };
        Html html = new Html();
        List<String> labels = List.of("daisy", "rose");
        new PictureSections(html, labels, "test", pictures)
                .mistakes(
                        List.of(new Judgement.Answer(0, 0, 1, 0.75)),
                        new ConfusionMatrix(labels, new int[][] {{0, 1}, {0, 0}}),
                        pictures::picture);
        String shown = Path.of("daisy", "a<b.png").toString();
        assertTrue(html.toString().contains(">" + Html.escape(shown) + "</span>"), html.toString());
        assertTrue(html.toString().contains("title=\"" + Html.escape(pictures.name(0)) + "\""), html.toString());
    }

    @Test
    void aValueThatIsNoNumberIsAGapOfItsChart() {
        Charts.Line line = new Charts.Line("loss", new double[] {1, Double.NaN, Double.POSITIVE_INFINITY, 2});
        String chart = Charts.lines("epoch", new double[] {1, 2, 3, 4}, false, Charts.Unit.NUMBER, 1, line)
                .toString();
        assertTrue(chart.contains("[[1.0,1.0],[2.0,null],[3.0,null],[4.0,2.0]]"), chart);
    }

    @Test
    void aThousandClassesMakeNoHugePage() {
        List<String> labels =
                IntStream.range(0, 1000).mapToObj(i -> "class number " + i).toList();
        int[][] counts = new int[1000][1000];
        for (int i = 0; i < 1000; i++) {
            counts[i][i] = 30;
            counts[i][(i * 31 + 7) % 1000] += 20;
        }
        Html html = new Html();
        Map<String, JsonObject> charts = new LinkedHashMap<>();
        ClassSections sections = new ClassSections(
                html, charts, new ConfusionMatrix(labels, counts), Collections.nCopies(1000, 1_234), "held-out");
        sections.confusion();
        sections.metrics();
        assertEquals(Map.of(), charts, "a picture instead of a million cells");
        assertTrue(html.toString().contains("class number 999"));
        assertTrue(html.toString().contains("<td>1,234</td>"), "how many pictures it learnt from");
        assertTrue(
                html.toString().length() < 400_000,
                "characters: " + html.toString().length());
    }
}
