package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.TinyModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample {@code raspberry-pi-camera}, with a program in the camera's place that sends JPEG files. */
class RaspberryPiCameraIT {
    private static final String WATCH = Sample.file("raspberry-pi-camera/watch-for");
    private static final String SEEN = "[0-9-]{10}T[0-9:]{8}Z red 0\\.[0-9]+\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void makeModelAndFrames() throws IOException {
        TinyModel.write(folder.resolve("int8.onnx"));
        jpeg("red.jpg", 0xC86432);
        jpeg("blue.jpg", 0x0A141E);
    }

    private void jpeg(String name, int color) throws IOException {
        BufferedImage picture = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                picture.setRGB(x, y, color);
            }
        }
        assertTrue(ImageIO.write(picture, "jpg", folder.resolve(name).toFile()));
    }

    private Path script(String name, String... lines) throws IOException {
        Path script = Files.writeString(
                folder.resolve(name), "#!/bin/sh\ncd '" + folder + "'\n" + String.join("\n", lines) + "\n");
        assertTrue(script.toFile().setExecutable(true));
        return script;
    }

    private Run watch(Map<String, String> environment, String... args) throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("GLINT_MODEL", folder.resolve("int8.onnx").toString());
        String[] command = new String[args.length + 1];
        command[0] = WATCH;
        System.arraycopy(args, 0, command, 1, args.length);
        return new Sample(folder).run(all, command);
    }

    /** With its own settings, under which frames that come too fast are given up: so they come until it has been seen. */
    @Test
    void whatIsSeenRunsTheCommandOnce() throws IOException, InterruptedException {
        Path camera = script("camera", "echo \"$*\" > options", "while [ ! -e seen ]; do cat red.jpg || exit; done");
        Path command = script("command", "echo \"$1 $2 ${3%??????}\" >> calls", "touch seen");

        Run run = watch(Map.of("RPICAM", camera.toString()), "red", command.toString(), "at the door");

        assertEquals("", run.err());
        assertTrue(run.out().matches(SEEN), run.out());
        assertEquals(0, run.exitCode());
        assertEquals("at the door red 0.\n", Files.readString(folder.resolve("calls")));
        assertEquals(
                "--nopreview --timeout 0 --codec mjpeg --width 640 --height 480 --framerate 10 --flush --output -\n",
                Files.readString(folder.resolve("options")));
    }

    @Test
    void itIsToldAgainAfterItWasGoneAndNotForFewerFrames() throws IOException, InterruptedException {
        Map<String, String> everyFrame =
                Map.of("FRAMES", "3", "OPTIONS", "--min-probability 0.6", "RPICAM", camera("red red blue red red"));
        assertEquals("", watch(everyFrame, "red").out());

        Map<String, String> twice = new HashMap<>(everyFrame);
        twice.put("RPICAM", camera("red red red red blue red red red"));
        Run run = watch(twice, "red");
        assertTrue(run.out().matches(SEEN + SEEN), run.out());
        assertEquals("", watch(twice, "re").out());
        assertEquals("", watch(twice, "green").out());
    }

    private String camera(String frames) throws IOException {
        return script("camera", "for frame in " + frames + "; do cat $frame.jpg || exit; done")
                .toString();
    }

    @Test
    void brokenFramesAndCommandsAreNamedAndPassedOver() throws IOException, InterruptedException {
        Files.write(folder.resolve("broken.jpg"), breakHuffmanTable(Files.readAllBytes(folder.resolve("red.jpg"))));

        Run run = watch(
                Map.of("FRAMES", "2", "OPTIONS", "--min-probability 0.6", "RPICAM", camera("red broken red")),
                "red",
                "false");

        assertTrue(run.out().matches(SEEN), run.out());
        assertTrue(run.err().contains("note: a broken frame: {\"schema\":\"glint.frame/1\",\"frame\":1,"), run.err());
        assertTrue(run.err().endsWith("note: false ended with 1\n"), run.err());
    }

    /** The first table promises more codes than there can be. */
    private static byte[] breakHuffmanTable(byte[] jpeg) {
        for (int i = 0; i < jpeg.length - 5; i++) {
            if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xc4) {
                jpeg[i + 5] = (byte) 0xff;
                return jpeg;
            }
        }
        throw new IllegalArgumentException("no table");
    }

    @Test
    void whatIsMissingIsSaidInOneLine() throws IOException, InterruptedException {
        watch(Map.of("RPICAM", "/nowhere/rpicam-vid"), "red")
                .assertFails(
                        3,
                        "/nowhere/rpicam-vid: found no such program, expected the camera's; apt install rpicam-apps");
        watch(Map.of("CLASSIFY", "/nowhere/classify"), "red")
                .assertFails(3, "/nowhere/classify: found no such program");
        watch(Map.of()).assertFails(2, "found no label");
        watch(Map.of("FRAMES", "0"), "red").assertFails(2, "FRAMES: found 0, expected a number from 1 on");
    }

    @Test
    void aCameraOrModelThatFailsEndsItWithAnError() throws IOException, InterruptedException {
        Run run = watch(Map.of("RPICAM", script("camera", "exit 7").toString()), "red");
        assertNotEquals(0, run.exitCode());

        run = watch(Map.of("RPICAM", camera("red"), "OPTIONS", "--model /nowhere.onnx"), "red");
        assertEquals(4, run.exitCode(), run.err());
        assertFalse(run.err().isEmpty());
    }

    @Test
    void theServiceIsUnderstood() throws IOException, InterruptedException {
        String unit = Files.readString(Path.of(Sample.file("raspberry-pi-camera/watch-for.service")));
        assertTrue(unit.contains("\nExecStart=/usr/local/bin/watch-for "), unit);
        new Sample(folder)
                .assertUnderstood("watch-for.service", unit.replace("/usr/local/bin/watch-for", "/bin/true"), "");
    }
}
