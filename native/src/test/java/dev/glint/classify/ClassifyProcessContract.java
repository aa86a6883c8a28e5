package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.classify.choice.LocalChoice;
import dev.glint.runtime.drift.DriftFile;
import dev.glint.runtime.drift.DriftMonitor;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What {@code classify} promises as a process of its own. Nothing may be left in its home or its temporary folder. Each test
 * has folders of its own, so several run at once.
 */
@Execution(ExecutionMode.CONCURRENT)
abstract class ClassifyProcessContract extends ClassifyContract {
    @TempDir
    private Path home;

    @TempDir
    Path temporary;

    @TempDir
    private Path streams;

    /** A command line that is the program, to which its arguments are added. */
    abstract List<String> program(Path temporaryFolder);

    /** Variables that the program needs beside those of the test. */
    abstract Map<String, String> environment(Path temporaryFolder);

    /** After which a process hangs. */
    int timeoutSeconds() {
        return 60;
    }

    /** What this process printed and what the program printed, from the same pictures: the same bytes, unless it is stated. */
    void assertSameResults(String here, String there) {
        assertEquals(here, there);
    }

    @Override
    final Run run(Map<String, String> environment, byte[] in, String... args) throws IOException {
        List<String> command = new ArrayList<>(program(temporary));
        Collections.addAll(command, args);
        return run(environment, in, command);
    }

    final Run run(Map<String, String> environment, byte[] in, List<String> command) throws IOException {
        Process process = builder(environment, command).start();
        try (OutputStream pipe = process.getOutputStream()) {
            pipe.write(in);
        }
        return finish(process);
    }

    final ProcessBuilder builder(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(streams.resolve("out").toFile())
                .redirectError(streams.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("HOME", home.toString());
        builder.environment().put("TMPDIR", temporary.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment(temporary));
        builder.environment().putAll(environment);
        return builder;
    }

    final Run finish(Process process) throws IOException {
        try {
            assertTrue(process.waitFor(timeoutSeconds(), TimeUnit.SECONDS), "still running");
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
        return new Run(
                process.exitValue(),
                Files.readString(streams.resolve("out")),
                Files.readString(streams.resolve("err")));
    }

    @AfterEach
    final void nothingIsLeftBehind() throws IOException {
        for (Path place : List.of(home, temporary)) {
            try (Stream<Path> left = Files.list(place)) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

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
    void everyPictureOfTheSuiteGivesTheBytesThatThisProcessGives() throws IOException {
        String suite = SharedData.require("pictures/pngsuite").toString();

        assertSameAsHere("--json", "--model", file("model"), suite);
        assertSameAsHere("decode", "--json", suite);
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
    void benchMeasuresEveryVariant() throws IOException {
        TinyModel.write(Path.of(file("model/fp32.onnx")));
        write("set/red/1.png", png(200, 100, 50));
        write("set/red/2.png", png(10, 20, 30));
        write("set/blue/3.png", png(10, 20, 30));

        Run run = run(
                "bench",
                "--engine",
                "ort",
                "--json",
                "--model",
                file("model"),
                "--runs",
                "20",
                "--warmup",
                "2",
                "--data",
                file("set"));

        assertEquals(0, run.exitCode(), run.err());
        JsonObject report = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals("glint.bench/1", report.get("schema").getAsString());
        assertEquals("noise of 8x8", report.get("picture").getAsString());
        assertIsThisMachine(report.get("machine"));
        assertEquals(3, report.getAsJsonObject("testSet").get("pictures").getAsInt());
        assertEquals(
                0.5,
                report.getAsJsonObject("recommendation").get("maxDropPoints").getAsDouble());
        JsonArray variants = report.getAsJsonArray("variants");
        assertEquals(2, variants.size());
        for (int i = 0; i < 2; i++) {
            JsonObject variant = variants.get(i).getAsJsonObject();
            String name = List.of("fp32.onnx", "int8.onnx").get(i);
            assertEquals(name, variant.get("model").getAsString());
            assertEquals(
                    Files.size(Path.of(file("model"), name)),
                    variant.get("bytes").getAsLong());
            long p50 = variant.get("p50Nanos").getAsLong();
            assertTrue(p50 > 0 && p50 <= variant.get("p95Nanos").getAsLong(), run.out());
            assertTrue(
                    variant.get("p95Nanos").getAsLong()
                            <= variant.get("p99Nanos").getAsLong(),
                    run.out());
            assertEquals("ort", variant.get("engine").getAsString());
            assertEquals(64, variant.get("sha256").getAsString().length());
            assertTrue(variant.get("firstInferenceNanos").getAsLong() > 0, run.out());
            assertTrue(
                    variant.get("processNanos").getAsLong()
                            > variant.get("sessionCreationNanos").getAsLong(),
                    run.out());
            assertTrue(variant.get("sessionCreationNanos").getAsLong() > 100_000, run.out());
            assertTrue(variant.get("peakResidentBytes").getAsLong() > 10_000_000, run.out());
            assertEquals("0.666667", variant.get("accuracy").getAsString());
            assertEquals(2, variant.get("correct").getAsInt());
            assertEquals(3, variant.get("pictures").getAsInt());
        }
        assertEquals("1.000", variants.get(0).getAsJsonObject().get("speedUp").getAsString());
        double speedUp = variants.get(1).getAsJsonObject().get("speedUp").getAsDouble();
        double fp32 = variants.get(0).getAsJsonObject().get("p50Nanos").getAsDouble();
        assertEquals(fp32 / variants.get(1).getAsJsonObject().get("p50Nanos").getAsDouble(), speedUp, 5e-4);
    }

    @Test
    void benchKeepsItsChoice() throws IOException {
        TinyModel.write(Path.of(file("model/fp32.onnx")));
        write("model/manifest.json", "{\"default\":\"int8.onnx\"}".getBytes(StandardCharsets.UTF_8));
        Map<String, String> settings = Map.of("XDG_CONFIG_HOME", file("settings"));

        Run run =
                run(settings, new byte[0], "bench", file("model"), "--json", "--save", "--runs", "5", "--warmup", "1");

        assertEquals(0, run.exitCode(), run.err());
        String chosen = JsonParser.parseString(run.out())
                .getAsJsonObject()
                .getAsJsonObject("recommendation")
                .get("model")
                .getAsString();
        assertTrue(
                run.err().startsWith("note: " + chosen + " is the default for " + file("model") + " here"), run.err());
        LocalChoice choice = LocalChoice.find(Path.of(file("model")), settings).orElseThrow();
        assertEquals(chosen, choice.file());
        run("bench", file("model/int8.onnx"), "--save").assertFails(2, "found --save with " + file("model/int8.onnx"));
    }

    @Test
    void benchPrintsATable() throws IOException {
        List<String> bench = List.of(
                "bench", "--model", file("model/int8.onnx"), "--runs", "2", "--warmup", "0", file("reddish.png"));
        Run both = run(bench.toArray(String[]::new));
        List<String> inOrt = new ArrayList<>(bench);
        Collections.addAll(inOrt, "--engine", "ort");
        Run run = run(inOrt.toArray(String[]::new));

        assertEquals(0, both.exitCode(), both.err());
        List<String> engines = both.out().lines().toList();
        assertTrue(engines.get(0).matches("variant +engine +bytes .*"), both.out());
        assertTrue(engines.get(1).matches("int8.onnx +ort +\\d+ .*"), both.out());
        assertTrue(engines.get(2).matches("int8.onnx +glint +\\d+ .*"), both.out());
        assertEquals(0, run.exitCode(), run.err());
        List<String> lines = run.out().lines().toList();
        assertTrue(
                lines.get(0).matches("variant +bytes +p50 +p95 +p99 +first +session +process +memory +speed-up"),
                run.out());
        assertTrue(lines.get(1).matches("int8.onnx +\\d+( +\\d+\\.\\d+){6} +\\d+\\.\\d MB +-"), run.out());
        assertEquals("Best here is int8.onnx: there is no other.", lines.get(3), run.out());
        assertTrue(lines.get(5).contains("reddish.png, threads 1, 2 runs after 0"), run.out());
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

    /** What the process that was started last has printed so far. */
    final String output() throws IOException {
        return Files.readString(streams.resolve("out"));
    }

    final void awaitOutput(String text, Process process) throws IOException, InterruptedException {
        for (int tries = 0; tries < 100 * timeoutSeconds() && process.isAlive(); tries++) {
            if (output().contains(text)) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("no " + text + " in " + output() + " " + Files.readString(streams.resolve("err")));
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
    void benchTakesPicturesWhoseNamesBeginWithAHyphen() throws IOException {
        write("-p.png", png(200, 100, 50));
        List<String> command = new ArrayList<>(List.of("sh", "-c", "cd \"$1\"; shift; exec \"$@\"", "sh", file(".")));
        command.addAll(program(temporary));
        Collections.addAll(
                command, "bench", "-m", file("model/int8.onnx"), "--runs", "1", "--warmup", "0", "--", "-p.png");

        Run run = run(Map.of(), new byte[0], command);

        assertEquals("", run.err());
        assertEquals(0, run.exitCode());
        assertTrue(run.out().contains("Tensor to logits in ms: -p.png"), run.out());
    }

    @Test
    void aClosedStandardInputIsNoPicture() throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <&-", "sh"));
        command.addAll(program(temporary));
        Collections.addAll(command, "--model", file("model"), "-");

        run(Map.of(), new byte[0], command).assertFails(3, "standard input: found an ");
    }
}
