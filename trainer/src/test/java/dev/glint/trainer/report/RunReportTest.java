package dev.glint.trainer.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.glint.runtime.testing.Chromium;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.baseline.BaselineResult;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.Schedule;
import dev.glint.trainer.run.FitJob;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.run.RunFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with a label that would break a page, its report read as text and opened in a browser. */
final class RunReportTest {
    private static final String HOSTILE =
            "</script><img src=x onerror=\"window.broken=1\"><script>window.broken=1</script>";
    private static final int RECORD = 1 + 3 * 32 * 32;

    @TempDir
    static Path folder;

    private static RunFolder run;
    private static final List<String> NOTES = new ArrayList<>();
    private static String page;

    @BeforeAll
    static void fit() throws IOException {
        Path data = Files.createDirectories(folder.resolve("a&b<i>pictures"));
        Files.writeString(
                data.resolve("batches.meta.txt"),
                String.join("\n", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", HOSTILE));
        for (int i = 1; i <= 5; i++) {
            Files.write(data.resolve("data_batch_" + i + ".bin"), noise(i, 4));
        }
        Files.write(data.resolve("test_batch.bin"), noise(6, 40));
        Recipe recipe = Recipe.plain(
                2,
                10,
                OptimizerSettings.plain(OptimizerSettings.Kind.ADAM, 0.001, 0),
                new Schedule(new Schedule.Constant(), 0),
                Augmentations.NONE);
        RunConfig config = RunConfig.fromScratch(
                Architecture.SMALL_VGG,
                PictureSelection.whole(DataSpec.parse("cifar10:" + data), 3),
                recipe,
                1,
                Map.of("glint", "test"));
        Path runs = folder.resolve("runs");
        new BaselineResult("hog-svm", config.data().toString(), 3, 20, 40, 10, 1.5, Map.of())
                .write(runs.resolve("hog-svm"));
        new BaselineResult("of-other-pictures", "bars", 3, 20, 40, 10, 1.5, Map.of()).write(runs.resolve("other"));
        run = FitJob.run(runs.resolve("run"), false, config, new FitJob.Listener() {});
        page = Files.readString(write());
    }

    private static Path write() throws IOException {
        return RunReport.write(run, Device.cpu(), NOTES::add);
    }

    private static byte[] noise(long seed, int pictures) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        Random random = new Random(seed);
        for (int i = 0; i < pictures; i++) {
            byte[] record = new byte[RECORD];
            random.nextBytes(record);
            record[0] = (byte) (i % 10);
            records.writeBytes(record);
        }
        return records.toByteArray();
    }

    @Test
    void theSameRunGivesTheSameBytes() throws IOException {
        byte[] first = Files.readAllBytes(run.path().resolve(RunFolder.REPORT));
        assertArrayEquals(first, Files.readAllBytes(write()));
    }

    @Test
    void everyPartIsThere() {
        for (String heading : List.of(
                "Curves",
                "Baselines",
                "Confusion matrix",
                "Classes",
                "Most confident mistakes",
                "First layer",
                "Feature maps",
                "Timing",
                "Settings")) {
            assertTrue(page.contains("<h2>" + heading + "</h2>"), heading);
        }
        assertEquals(16, count("<figcaption><b>"), "mistakes");
        assertEquals(64, count("alt=\"filter "), "filters");
        // Of convolution, norm and ReLU the last one, and the pools: nine layers with 16 channels each.
        assertEquals(9 * 16, count("alt=\"channel "), "feature maps");
        assertTrue(page.contains("<span class=\"place\" title=\"picture "), "pictures without files have a number");
        assertTrue(
                page.contains("held-out pictures judged the finished model, and also chose its epoch"), "which judge");
        assertTrue(page.contains("with a confidence of 95 % it is "), "the interval");
        assertTrue(page.contains("<pre class=\"command\">trainer fit --model small-vgg --data "), "the command line");
        assertTrue(page.contains("<td>4</td><td>5</td></tr>"), "of each class, judged and training pictures");
        assertTrue(page.contains(">hog-svm</th><td>25.00 %</td>"), "the baseline beside the run");
        assertFalse(page.contains("of-other-pictures"), "a baseline of other pictures");
    }

    private static int count(String text) {
        return page.split(Pattern.quote(text), -1).length - 1;
    }

    /** A finished fit keeps its report, whatever lies beside it. */
    @Test
    void aForeignBaselineIsANote() throws IOException {
        Path foreign = Files.createDirectories(folder.resolve("runs/foreign")).resolve(RunFolder.BASELINE);
        Files.writeString(foreign, "{");
        NOTES.clear();
        write();
        assertEquals(1, NOTES.size());
        assertTrue(NOTES.get(0).contains(foreign.toString()), NOTES.get(0));
        Files.delete(foreign);
    }

    @Test
    void noTextBecomesMarkup() {
        assertFalse(page.contains(HOSTILE));
        assertFalse(page.contains("<i>"));
        assertTrue(page.contains(Html.escape(HOSTILE)));
    }

    @Test
    void aBrowserDrawsItInAWideWindow(@TempDir Path profile) throws Exception {
        assertDrawn(profile, 1200, false);
    }

    @Test
    void aBrowserDrawsItOnADarkPhone(@TempDir Path profile) throws Exception {
        assertDrawn(profile, 390, true);
    }

    /** On paper nothing is dark, cut or closed, whatever the screen shows. */
    @Test
    void aBrowserPrintsIt(@TempDir Path profile) throws Exception {
        try (Chromium browser = Chromium.start(profile)) {
            browser.open(run.path().resolve(RunFolder.REPORT), 1200, 900, true);
            browser.showAs("print", true);
            assertEquals("rgb(255, 255, 255)", browser.evaluate("getComputedStyle(document.body).backgroundColor"));
            assertEquals(
                    "#f1f4fa",
                    browser.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--heat-low')"));
            assertEquals(
                    "avoid,avoid,avoid",
                    browser.evaluate(
                            "['.matrix', 'figure', 'table'].map(s => getComputedStyle(document.querySelector(s)).breakInside)"));
            browser.evaluate("window.openWhilePrinting = -1, addEventListener('beforeprint',"
                    + " () => { window.openWhilePrinting = document.querySelectorAll('details[open]').length; })");
            Path pdf = folder.resolve("report.pdf");
            browser.print(pdf);
            assertTrue(Files.size(pdf) > 20_000, "bytes: " + Files.size(pdf));
            assertEquals("3", browser.evaluate("window.openWhilePrinting"));
            assertEquals("1", browser.evaluate("document.querySelectorAll('details[open]').length"));
            assertEquals(List.of(), browser.complaints());
        }
    }

    private static void assertDrawn(Path profile, int width, boolean dark) throws Exception {
        try (Chromium browser = Chromium.start(profile)) {
            browser.open(run.path().resolve(RunFolder.REPORT), width, 900, dark);
            assertEquals(List.of(), browser.complaints());
            assertEquals(
                    List.of(run.path().resolve(RunFolder.REPORT).toUri().toString()),
                    browser.requests().stream()
                            .filter(url -> !url.startsWith("data:"))
                            .toList(),
                    "nothing but the page itself is asked for");
            assertEquals("undefined", browser.evaluate("window.broken"));
            assertEquals("4", browser.evaluate("document.querySelectorAll('[data-chart]').length"));
            assertEquals(
                    "4",
                    browser.evaluate("[...document.querySelectorAll('[data-chart] svg')]"
                            + ".filter(svg => svg.querySelectorAll('path').length > 5).length"),
                    "charts with something in them");
            String matrix = browser.evaluate("document.querySelector('[data-chart=confusion]').textContent");
            assertTrue(matrix.contains("seven") && matrix.contains("predicted"), matrix);
            assertEquals(
                    Integer.toString(width),
                    browser.evaluate("Math.max(innerWidth, document.documentElement.scrollWidth)"),
                    "nothing stands out to the right");
            assertEquals("0", browser.evaluate("[...document.images].filter(i => !i.naturalWidth).length"));
            assertEquals(
                    Boolean.toString(width > 560), browser.evaluate("document.querySelector('details.fold').open"));
            assertEquals(
                    "0",
                    browser.evaluate("(() => { const boxes = [...document.querySelectorAll("
                            + "'[data-chart=confusion] text')].map(t => [t.textContent, t.getBoundingClientRect()]);"
                            + " const title = boxes.find(b => b[0] === 'true')[1]; return boxes.filter(b => b[0] !== 'true'"
                            + " && b[1].left < title.right && b[1].right > title.left && b[1].top < title.bottom"
                            + " && b[1].bottom > title.top).length; })()"),
                    "labels beside the title of their axis");
            String background = browser.evaluate("getComputedStyle(document.body).backgroundColor");
            assertEquals(dark ? "rgb(18, 22, 29)" : "rgb(246, 247, 249)", background);
        }
    }
}
