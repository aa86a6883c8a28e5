package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.runtime.testing.Resources;
import dev.glint.runtime.testing.TinyModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A camera's frames on standard input. */
class StreamTest {
    private static final byte[] RED = frame(200, 100, 50);
    private static final byte[] BLUE = frame(10, 20, 30);
    private static final double RED_IN_RED = 0.767212;
    private static final double RED_IN_BLUE = 0.282618;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeModel() throws IOException {
        TinyModel.write(folder.resolve("int8.onnx"));
    }

    private static byte[] frame(int red, int green, int blue) {
        byte[] samples = new byte[TinyModel.SIZE * TinyModel.SIZE * 3];
        for (int i = 0; i < samples.length; i += 3) {
            samples[i] = (byte) red;
            samples[i + 1] = (byte) green;
            samples[i + 2] = (byte) blue;
        }
        return samples;
    }

    private static byte[] joined(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    private Run stream(byte[] in, String... args) {
        List<String> all = new ArrayList<>(List.of("--model", folder.toString(), "--stream"));
        all.addAll(List.of(args));
        return ClassifyTest.inThisProcess(Map.of(), in, all.toArray(String[]::new));
    }

    private static List<JsonObject> lines(Run run) {
        return run.out()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    @Test
    void eachFrameGivesALine() {
        Run run = stream(joined(RED, BLUE), "rgb24:8x8");

        assertEquals("", run.err());
        assertEquals(0, run.exitCode());
        List<String> lines = run.out().lines().toList();
        String time = "\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"";
        String behind = ",\"latencyMillis\":\\d+\\.\\d{3},\"dropped\":0\\}";
        assertTrue(
                lines.get(0)
                        .matches("\\{\"schema\":\"glint.frame/1\",\"frame\":0," + time
                                + ",\"label\":\"red\",\"index\":0,\"probability\":0.767212" + behind),
                lines.get(0));
        assertTrue(
                lines.get(1)
                        .matches("\\{\"schema\":\"glint.frame/1\",\"frame\":1," + time
                                + ",\"label\":\"blue\",\"index\":2,\"probability\":0.386766" + behind),
                lines.get(1));
        assertEquals(2, lines.size());
    }

    @Test
    void aLastFrameThatBreaksOffIsTold() {
        Run run = stream(joined(RED, Arrays.copyOf(BLUE, 100)), "rgb24:8x8");

        run.assertErrors(
                3,
                "standard input, frame 1: found a last frame of 100 bytes, expected 192 bytes, 8x8x3; check the size");
        List<JsonObject> lines = lines(run);
        assertEquals("red", lines.get(0).get("label").getAsString());
        assertTrue(lines.get(1).get("error").getAsString().startsWith("standard input, frame 1: found a last frame"));
        assertFalse(lines.get(1).has("label"));
        assertEquals(2, lines.size());
    }

    @Test
    void motionJpegIsCutAndDecoded() {
        String name = Resources.lines("dev/glint/runtime/decode/jpeg/files.tsv").stream()
                .map(line -> line.split("\t")[0])
                .filter(file -> file.endsWith(".jpg"))
                .findFirst()
                .orElseThrow();
        byte[] jpeg = Resources.bytes("dev/glint/runtime/decode/jpeg/" + name);
        Run single = ClassifyTest.inThisProcess(Map.of(), jpeg, "--jsonl", "-k1", "--model", folder.toString(), "-");

        Run run = stream(joined(jpeg, Arrays.copyOf(jpeg, jpeg.length - 3), jpeg), "mjpeg");

        run.assertErrors(3, "standard input, frame 1: found the start of another frame behind ");
        List<JsonObject> lines = lines(run);
        assertEquals(3, lines.size());
        JsonObject expected = JsonParser.parseString(single.out())
                .getAsJsonObject()
                .getAsJsonArray("candidates")
                .get(0)
                .getAsJsonObject();
        for (int i : new int[] {0, 2}) {
            assertEquals(expected.get("label"), lines.get(i).get("label"));
            assertEquals(expected.get("probability"), lines.get(i).get("probability"));
        }
    }

    @Test
    void oneOfSeveralFrames() {
        Run run = stream(joined(RED, BLUE, BLUE, BLUE, RED, BLUE), "rgb24:8x8", "--every", "2");

        assertEquals(
                List.of("0 red", "2 blue", "4 red"),
                lines(run).stream()
                        .map(line -> line.get("frame") + " " + line.get("label").getAsString())
                        .toList());
        assertTrue(lines(run).stream().allMatch(line -> line.get("dropped").getAsInt() == 0));
    }

    @Test
    void framesGivenUpForNewerOnesAreCounted() {
        byte[][] frames = new byte[500][];
        Arrays.fill(frames, RED);
        frames[499] = BLUE;

        List<JsonObject> lines = lines(stream(joined(frames), "rgb24:8x8", "--latest"));

        int dropped =
                lines.stream().mapToInt(line -> line.get("dropped").getAsInt()).sum();
        assertEquals(500, lines.size() + dropped);
        JsonObject last = lines.get(lines.size() - 1);
        assertEquals(499, last.get("frame").getAsInt());
        assertEquals("blue", last.get("label").getAsString());
        List<Integer> order =
                lines.stream().map(line -> line.get("frame").getAsInt()).toList();
        assertEquals(order.stream().sorted().toList(), order);
    }

    @Test
    void probabilitiesAreAveraged() {
        // A span of 3 frames: half of the average so far, half of the frame.
        List<JsonObject> lines = lines(stream(joined(RED, BLUE, RED), "rgb24:8x8", "--smooth", "3"));

        double second = (RED_IN_RED + RED_IN_BLUE) / 2;
        double third = (second + RED_IN_RED) / 2;
        assertEquals(RED_IN_RED, lines.get(0).get("probability").getAsDouble(), 1e-6);
        assertEquals("red", lines.get(1).get("label").getAsString());
        assertEquals(second, lines.get(1).get("probability").getAsDouble(), 1e-6);
        assertEquals(third, lines.get(2).get("probability").getAsDouble(), 1e-6);
    }

    @Test
    void whatIsTooImprobableIsUnknown() {
        JsonObject line =
                lines(stream(BLUE, "rgb24:8x8", "--min-probability", "0.5")).get(0);

        assertEquals("unknown", line.get("label").getAsString());
        assertEquals(-1, line.get("index").getAsInt());
        assertEquals(0.386766, line.get("probability").getAsDouble());
    }

    @Test
    void aStreamWithoutFramesIsAFailure() {
        stream(new byte[0], "mjpeg").assertFails(3, "standard input: found no frame, expected a camera's stream");
        stream(new byte[0], "rgb24:8x8").assertFails(3, "standard input: found no frame");
        stream(new byte[100], "mjpeg").assertFails(3, "standard input: found no frame");
    }

    @Test
    void streamsThatMakeNoSenseAreRefused() {
        for (String format : List.of("h264", "rgb24", "rgb24:", "rgb24:8", "rgb24:0x8", "rgb24:8x-1", "rgb24:8xx8")) {
            stream(RED, format).assertFails(2, "found --stream " + format + ", expected mjpeg, or rgb24 with the size");
        }
        stream(RED, "rgb24:16000x16000").assertFails(6, "found a picture of 16000x16000");
        stream(RED, "mjpeg", "--every", "0").assertFails(2, "found --every 0, expected 1 or more");
        stream(RED, "mjpeg", "--smooth", "0").assertFails(2, "found --smooth 0, expected 1 or more");
        stream(RED, "mjpeg", "a.png").assertFails(2, "found IMAGE with --stream, expected one of them");
        stream(RED, "mjpeg", "--watch", "x").assertFails(2, "found --watch with --stream, expected one of them");
        stream(RED, "mjpeg", "--json").assertFails(2, "found --json with --stream, expected no document, which would");
        stream(RED, "mjpeg", "--csv").assertFails(2, "found --csv with --stream, expected one of them");
        stream(RED, "mjpeg", "--workers", "2").assertFails(2, "found --workers with --stream, expected one of them");
        stream(RED, "mjpeg", "--existing").assertFails(2, "found --existing without --watch, expected both or neither");
    }

    @Test
    void whatBelongsToStreamsIsRefusedWithoutOne() {
        for (String option : List.of("--every=2", "--latest", "--smooth=2")) {
            ClassifyTest.inThisProcess(Map.of(), new byte[0], "-m", folder.toString(), option, "a.png")
                    .assertFails(2, "found " + option.split("=")[0] + " without --stream, expected both or neither");
        }
        ClassifyTest.inThisProcess(Map.of(), new byte[0], "-m", folder.toString(), "--watch", "x", "--json")
                .assertFails(2, "found --json with --watch, expected no document, which would never end; use --jsonl");
    }
}
