package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.runtime.drift.DriftFile;
import dev.glint.runtime.drift.DriftMonitor;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What {@code classify} promises as a process of its own. */
abstract class ClassifyProcessContract extends BenchProcessContract {
    @Test
    void everyPictureGivesTheBytesThatThisProcessGives() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 24; i++) {
            Mode mode = Mode.values()[i % Mode.values().length];
            int width = 1 + random.nextInt(40);
            int height = 1 + random.nextInt(40);
            byte[] samples = new byte[width * height * mode.channels()];
            random.nextBytes(samples);
            write("noise/" + i + ".png", PngFile.of(new Image(width, height, mode, samples)));
        }

        assertSameAsHere("--json", "--model", file("model"), file("noise"));
        assertSameAsHere("decode", "--json", file("noise"));
    }

    @Test
    void everyPictureAtHandGivesTheBytesThatThisProcessGives() throws IOException {
        String suite = SharedData.require("pictures/pngsuite").toString();
        String digits = SharedData.require("onnx/pictures").toString();

        assertSameAsHere("--json", "--model", file("model"), suite, digits);
        assertSameAsHere("--json", "--engine", "glint", "--model", file("model"), suite, digits);
        assertSameAsHere("decode", "--json", SharedData.require("pictures").toString(), digits);
    }

    private void assertSameAsHere(String... args) throws IOException {
        Run here = ClassifyTest.inThisProcess(Map.of(), new byte[0], args);
        Run there = run(args);

        assertEquals(here.err(), there.err());
        assertSameResults(here.out(), there.out());
        assertEquals(here.exitCode(), there.exitCode());
        assertTrue(here.out().lines().count() > 20, here.out());
    }

    @Test
    void namesOutsideAsciiAreNamesInEveryLocale() throws IOException {
        Assumptions.assumeTrue(
                "UTF-8".equals(System.getProperty("sun.jnu.encoding")), "the tests need a UTF-8 locale themselves");
        String picture = write("\u00e9t\u00e9 \ud83d\udc15.png", png(200, 100, 50));

        for (String locale : List.of("C.UTF-8", "C", "")) {
            Run run = run(Map.of("LC_ALL", locale), new byte[0], "--json", "-k1", "--model", file("model"), picture);

            assertEquals(0, run.exitCode(), run.err());
            assertTrue(run.out().contains("{\"file\":\"" + picture + "\",\"candidates\""), run.out());
        }
    }

    @Test
    void aFolderThatIsGoneIsNamed() throws IOException {
        String gone = "mkdir gone && cd gone && rmdir ../gone && exec \"$@\"";
        List<String> command = new ArrayList<>(List.of("sh", "-c", gone, "sh"));
        command.addAll(program(temporary));
        Collections.addAll(command, "-k1", "--model", file("model"), file("reddish.png"));
        Process process = builder(Map.of(), command).directory(streams.toFile()).start();

        Run run = finish(process);

        // The shell of a launcher says so, too.
        String last = run.err().lines().reduce((one, next) -> next).orElse("");
        assertTrue(last.startsWith("error: .: found no working folder"), run.err());
        assertTrue(run.err().lines().count() == 1 || run.err().startsWith("sh"), run.err());
        assertEquals("", run.out());
        assertEquals(3, run.exitCode());
    }

    @Test
    void anInterruptEndsIt() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program(temporary));
        Collections.addAll(command, "--model", file("model"), "-");
        // While it starts, and while it waits for a picture on a pipe that stays open.
        for (int millis : new int[] {200, 1_500}) {
            Process process = builder(Map.of(), command).start();
            Thread.sleep(millis);
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();

            Run run = finish(process);

            assertEquals("", run.err());
            assertEquals(130, run.exitCode());
        }
    }

    @Test
    void anInterruptEndsTheDocumentToo() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program(temporary));
        Collections.addAll(command, "--json", "--model", file("model"), "-k1");
        Collections.addAll(command, file("reddish.png"), file("bluish.png"), "-");
        Process process = builder(Map.of(), command).start();
        awaitOutput("reddish.png", process);
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

        Run run = finish(process);

        assertEquals("", run.err());
        assertEquals(130, run.exitCode());
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals(2, document.getAsJsonArray("pictures").size());
        assertEquals("interrupted", document.get("error").getAsString());
    }

    @Test
    void aFolderIsWatchedUntilAnInterrupt() throws IOException, InterruptedException {
        Path watched = Files.createDirectory(Path.of(file("watched")));
        List<String> command = new ArrayList<>(program(temporary));
        Collections.addAll(command, "--csv", "-k1", "--model", file("model"), "--watch", watched.toString());
        Process process = builder(Map.of(), command).start();
        awaitOutput("file,rank", process);
        Files.move(Path.of(file("reddish.png")), watched.resolve("a.png"));
        awaitOutput("a.png,1,red", process);
        Files.write(watched.resolve("b.png"), png(10, 20, 30));
        awaitOutput("b.png,1,blue", process);
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

        Run run = finish(process);

        assertEquals("", run.err());
        assertEquals(130, run.exitCode());
        assertEquals(3, run.out().lines().count(), run.out());
    }

    @Test
    void severalProcessesCountDriftInOneFile() throws Exception {
        DriftMonitor usual = new DriftMonitor(TinyModel.contract());
        usual.observe(new float[] {1, 2, 3}, new Image(1, 1, Mode.RGB, new byte[3]));
        Path counting = TinyModel.write(Path.of(file("counting.onnx")));
        TinyModel.setMetadata(
                counting, DriftProfile.METADATA_KEY, usual.profile().toJson());
        Path counts = Path.of(file("counts/drift.json"));
        List<String> command = new ArrayList<>(program(temporary));
        Collections.addAll(command, "-m", counting.toString(), "--drift", counts.toString());
        Collections.addAll(command, file("reddish.png"), file("bluish.png"));
        List<Process> together = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            together.add(builder(Map.of(), command).start());
        }
        for (Process process : together) {
            assertTrue(process.waitFor(timeoutSeconds(), TimeUnit.SECONDS), "still running");
            assertEquals(0, process.exitValue(), Files.readString(streams.resolve("err")));
        }

        assertEquals(8, new DriftFile(counts).read().seen().pictures());
        assertTrue(run("drift", counts.toString()).out().contains("8 pictures here against 1 of the baseline"));
    }

    @Test
    void framesComeThroughAPipe() throws IOException {
        byte[] frames = new byte[4 * 192];
        Arrays.fill(frames, 192, 384, (byte) 200);

        Run run = run(Map.of(), frames, "--stream", "rgb24:8x8", "--every", "2", "--model", file("model"));

        assertEquals("", run.err());
        assertEquals(0, run.exitCode());
        assertEquals(2, run.out().lines().count(), run.out());
    }

    @Test
    void twoWorkersGiveTheBytesOfOne() throws IOException {
        for (int i = 0; i < 100; i++) {
            write("many/" + i + ".png", png(i, 2 * i, 255 - i));
        }

        Run one = run("--csv", "--model", file("model"), file("many"));
        Run two = run("--csv", "--workers", "2", "--model", file("model"), file("many"));

        assertEquals(301, one.out().lines().count());
        assertEquals(one, two);
    }

    @Test
    void aFileMayBeStandardInput() throws IOException {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "file=$1; shift; \"$@\" < \"$file\"", "sh", file("bluish.png")));
        command.addAll(program(temporary));
        Collections.addAll(command, "--model", file("model"), "-k1", "-");

        run(Map.of(), new byte[0], command).assertPrints("blue   0.3868\n");
    }

    @Test
    void aReaderThatGoesAwayEndsItQuietly() throws IOException {
        Path code = streams.resolve("code");
        List<String> command = new ArrayList<>(List.of(
                "sh", "-c", "code=$1; shift; { \"$@\"; echo $? > \"$code\"; } | head -n 1", "sh", code.toString()));
        command.addAll(program(temporary));
        Collections.addAll(command, "decode");
        // More than a pipe holds.
        for (int i = 0; i < 2_000; i++) {
            command.add(file("bluish.png"));
        }

        Run run = run(Map.of(), new byte[0], command);

        assertEquals("130", Files.readString(code).strip());
        assertEquals("", run.err());
        assertEquals(1, run.out().lines().count());
    }

    @Test
    void anOutputThatIsFullIsNamed() throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" > /dev/full", "sh"));
        command.addAll(program(temporary));
        Collections.addAll(command, "decode", file("bluish.png"));

        Run run = run(Map.of(), new byte[0], command);

        run.assertFails(3, "standard output: No space left on device");
    }

    @Test
    void anOutputThatIsClosedIsNamed() throws IOException {
        for (int pictures : new int[] {1, 40}) {
            List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" >&-", "sh"));
            command.addAll(program(temporary));
            Collections.addAll(command, "--model", file("model"));
            command.addAll(Collections.nCopies(pictures, file("bluish.png")));

            run(Map.of(), new byte[0], command).assertFails(3, "standard output: ");
        }
    }

    @Test
    void nothingBehindTheCommandReachesAVirtualMachine() throws IOException {
        List<String> names = List.of(
                "-Xmx1m", "-Donnxruntime.native.path=.", "-XX:MaxHeapSize=1m", "-XX:NoSuchOption", "-Dglint.home=.");
        for (String name : names) {
            write(name, png(200, 100, 50));
        }
        List<String> command = new ArrayList<>(List.of("sh", "-c", "cd \"$1\"; shift; exec \"$@\"", "sh", file(".")));
        command.addAll(program(temporary));
        List<String> behind = new ArrayList<>(command);
        Collections.addAll(behind, "-k1", "--model", file("model"), "--");
        behind.addAll(names);

        Run run = run(Map.of(), new byte[0], behind);

        assertEquals("", run.err());
        assertEquals(0, run.exitCode());
        for (String name : names) {
            assertTrue(run.out().contains(name + " "), run.out());
        }
        assertEquals(
                names.size(),
                run.out()
                        .lines()
                        .filter(line -> line.endsWith("  red    0.7672"))
                        .count(),
                run.out());
        for (String name : names) {
            List<String> before = new ArrayList<>(command);
            Collections.addAll(before, "-k1", "--model", file("model"), name, file("bluish.png"));
            run(Map.of(), new byte[0], before).assertFails(2, "Unknown option: '" + name + "'");
        }
    }

    @Test
    void aClosedStandardInputIsNoPicture() throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <&-", "sh"));
        command.addAll(program(temporary));
        Collections.addAll(command, "--model", file("model"), "-");

        run(Map.of(), new byte[0], command).assertFails(3, "standard input: found an ");
    }
}
