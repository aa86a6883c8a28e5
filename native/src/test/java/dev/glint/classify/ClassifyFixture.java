package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.console.machine.Machine;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code classify}, whatever it runs on, with files to run it on. */
abstract class ClassifyFixture {
    /** Holds {@code model/int8.onnx}, {@code reddish.png}, {@code bluish.png} and whatever a test adds. */
    @TempDir
    Path folder;

    /** Runs the command with nothing in its environment but these variables. */
    abstract Run run(Map<String, String> environment, byte[] in, String... args) throws IOException;

    final Run run(String... args) throws IOException {
        return run(Map.of(), new byte[0], args);
    }

    /** Runs the command on the tiny model. */
    final Run classify(String... args) throws IOException {
        String[] all = Arrays.copyOf(new String[] {"--model", file("model")}, args.length + 2);
        System.arraycopy(args, 0, all, 2, args.length);
        return run(all);
    }

    final String file(String name) {
        return folder.resolve(name).toString();
    }

    final String write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return file.toString();
    }

    /** A picture of one colour. */
    static byte[] png(int red, int green, int blue) {
        byte[] samples = new byte[TinyModel.SIZE * TinyModel.SIZE * 3];
        for (int i = 0; i < samples.length; i += 3) {
            samples[i] = (byte) red;
            samples[i + 1] = (byte) green;
            samples[i + 2] = (byte) blue;
        }
        return PngFile.of(new Image(TinyModel.SIZE, TinyModel.SIZE, Mode.RGB, samples));
    }

    @BeforeEach
    final void makeFiles() throws IOException {
        TinyModel.write(folder.resolve("model/int8.onnx"));
        write("reddish.png", png(200, 100, 50));
        write("bluish.png", png(10, 20, 30));
    }

    /** What a report says of the machine that it comes from. */
    void assertIsThisMachine(JsonElement machine) {
        assertEquals(Machine.current().toJson(), machine);
    }

    static JsonObject json(Run run) {
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }
}
