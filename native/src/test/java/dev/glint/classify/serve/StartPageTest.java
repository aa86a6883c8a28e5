package dev.glint.classify.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.Chromium;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start page in a browser, as wide as on a desk and as narrow as on a phone. */
class StartPageTest {
    private static final String HOSTILE = "<img src=x onerror=broken=1>";

    @TempDir
    private Path folder;

    @TempDir
    private Path profile;

    private RunningServer running;

    @BeforeEach
    void start() throws IOException {
        running = new RunningServer(folder);
    }

    @AfterEach
    void stop() throws InterruptedException {
        running.close();
    }

    private void assertFits(Chromium browser, int width) {
        assertEquals(Integer.toString(width), browser.evaluate("document.documentElement.scrollWidth"));
    }

    @Test
    void aPictureThatIsChosenShowsItsClassesWithBars() throws IOException, InterruptedException {
        Path picture = Files.write(
                folder.resolve("a very long name of a picture ".repeat(5) + HOSTILE.replace("/", "")),
                RunningServer.reddish());
        for (int width : new int[] {1200, 360}) {
            Path own = Files.createDirectory(profile.resolve("w" + width));
            try (Chromium browser = Chromium.start(own)) {
                browser.open(running.uri("/"), width, 800, width < 600);
                assertFits(browser, width);

                browser.choose("#file", picture);
                browser.await(
                        "!document.getElementById('result').hidden && document.getElementById('preview').naturalWidth > 0");

                assertEquals(
                        "red,76.7 %;green,16.0 %;blue,7.3 %",
                        browser.evaluate("[...document.querySelectorAll('li .row')].map(row =>"
                                + " [...row.children].map(cell => cell.textContent)).join(';')"));
                double[] bars = browser.evaluate("[...document.querySelectorAll('.track')].map(track =>"
                                + " track.firstChild.offsetWidth / track.offsetWidth)")
                        .transform(StartPageTest::numbers);
                assertEquals(0.767, bars[0], 0.02);
                assertEquals(0.073, bars[2], 0.02);
                assertEquals(
                        picture.getFileName().toString(),
                        browser.evaluate("document.getElementById('name').textContent"));
                assertEquals("undefined", browser.evaluate("typeof broken"));
                assertFits(browser, width);
                browser.screenshot(
                        Files.createDirectories(Path.of("target/pages")).resolve("serve-" + width + ".png"));
                assertEquals(List.of(), browser.complaints());
                assertTrue(
                        browser.requests().stream()
                                .allMatch(url -> url.startsWith(running.uri("/").toString())
                                        || url.startsWith("blob:")
                                        || url.startsWith("data:")),
                        browser.requests()::toString);
            }
        }
    }

    private static double[] numbers(String text) {
        return List.of(text.split(",")).stream()
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    @Test
    void aPictureThatIsDroppedIsClassifiedAndAnErrorIsShown() throws IOException, InterruptedException {
        try (Chromium browser = Chromium.start(profile)) {
            browser.open(running.uri("/"), 360, 800, false);

            browser.evaluate(drop("no picture", "text".getBytes(StandardCharsets.UTF_8)));
            browser.await("!document.getElementById('error').hidden");
            String error = browser.evaluate("document.getElementById('error').textContent");
            assertTrue(
                    error.startsWith("no picture: found a text file, expected a picture in one of the formats PNG"),
                    error);
            assertEquals("true", browser.evaluate("document.getElementById('result').hidden"));
            assertFits(browser, 360);
            browser.screenshot(Files.createDirectories(Path.of("target/pages")).resolve("serve-error.png"));

            browser.evaluate(drop("red.png", RunningServer.reddish()));
            browser.await("!document.getElementById('result').hidden");
            assertEquals("red", browser.evaluate("document.querySelector('li span').textContent"));
            assertEquals("true", browser.evaluate("document.getElementById('error').hidden"));
        }
    }

    private static String drop(String name, byte[] content) {
        return "(() => { const bytes = Uint8Array.from(atob('"
                + Base64.getEncoder().encodeToString(content)
                + "'), c => c.charCodeAt(0)); const data = new DataTransfer(); data.items.add(new File([bytes], '"
                + name
                + "')); dispatchEvent(new DragEvent('drop', {dataTransfer: data, cancelable: true})); })()";
    }
}
