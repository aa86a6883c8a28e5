package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.glint.runtime.drift.DriftMonitor;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.ModelMaker;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.Skip;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import dev.glint.runtime.testing.WatchedCommand;
import dev.glint.runtime.testing.WatchedCommand.SocketRule;
import dev.glint.runtime.trust.KeyCurve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every verb of {@code classify} in a network that leads nowhere, and what it asks the system for: no socket but those of {@code serve}, nothing
 * written but what it was asked for, nothing read but what it was given, its own files and the system's. Needs root and strace.
 */
@Tag("root")
class QuietIT {
    private static final Path ROOT = SharedData.projectRoot();
    private static final Path BINARY = ROOT.resolve("native/target/dist/classify");

    /** It ends the server as soon as that answers. */
    private static final String SERVE =
            "rm -f served; \"$@\" > served & until grep -qs 'answers at' served; do sleep 0.1; done; "
                    + "kill -TERM $!; wait $!; test $? -le 143";

    /** It ends the watcher as soon as that has seen the picture. */
    private static final String WATCH =
            "rm -f seen; \"$@\" > seen & until grep -qs 'picture.png' seen; do sleep 0.1; done; "
                    + "kill -TERM $!; wait $!; test $? -le 143";

    /** Five frames, as a camera gives them. */
    private static final String FILM = "head -c 1215 /dev/zero | \"$@\"";

    @TempDir
    private Path folder;

    private String key;

    @BeforeEach
    void makeFiles() throws IOException {
        WatchedCommand.assumePossible(QuietIT.class);
        Path model = TinyModel.writeWithGolden(folder.resolve("model/int8.onnx"), 0);
        DriftMonitor usual = new DriftMonitor(TinyModel.contract());
        usual.observe(new float[] {1, 2, 3}, SyntheticPictures.noise(9, 9, Image.Mode.RGB));
        TinyModel.setMetadata(model, DriftProfile.METADATA_KEY, usual.profile().toJson());
        ModelMaker maker = new ModelMaker(KeyCurve.P256);
        maker.sign(folder.resolve("model"));
        key = maker.writeKey(folder.resolve("key.pub")).toString();
        Files.write(
                Files.createDirectory(folder.resolve("album")).resolve("picture.png"),
                PngFile.of(SyntheticPictures.noise(9, 9, Image.Mode.RGB)));
        Files.createDirectory(folder.resolve("tmp"));
    }

    private List<List<String>> commands() {
        List<String> model = List.of("--model", folder.resolve("model").toString());
        String picture = folder.resolve("album/picture.png").toString();
        List<List<String>> commands = new ArrayList<>();
        for (List<String> words : List.of(
                List.of("--help"),
                List.of("--version"),
                List.of("decode", "--out", folder.resolve("out.ppm").toString(), picture))) {
            commands.add(words);
        }
        for (List<String> words : List.of(
                List.of("--engine", "glint", picture),
                List.of("--engine", "ort", "--json", "--trust", key, picture),
                List.of("info"),
                List.of("selftest"),
                List.of("bench", "--runs", "2", "--warmup", "0"))) {
            List<String> command = new ArrayList<>(words);
            command.addAll(words.get(0).startsWith("-") ? 0 : 1, model);
            commands.add(command);
        }
        return commands;
    }

    private void assertQuiet(List<String> program, Map<String, String> environment, List<Path> own, SocketRule rule)
            throws IOException {
        WatchedCommand watched = new WatchedCommand(own, List.of(), rule);
        for (List<String> words : commands()) {
            List<String> command = new ArrayList<>(program);
            command.addAll(words);
            assertEquals(List.of(), watched.run(folder, environment, command), words::toString);
        }
        String model = folder.resolve("model").toString();
        String counts = folder.resolve("counts.json").toString();
        String album = folder.resolve("album").toString();
        List<String> watching =
                inShell(WATCH, program, "--csv", "--model", model, "--watch", album, "--existing", "--drift", counts);
        WatchedCommand watcher =
                new WatchedCommand(own, List.of(), rule == SocketRule.NONE ? SocketRule.WATCHER : rule);
        assertEquals(List.of(), watcher.run(folder, environment, watching), "--watch");
        List<String> drift = new ArrayList<>(program);
        drift.addAll(List.of("drift", counts));
        assertEquals(List.of(), watched.run(folder, environment, drift), "drift");
        List<String> stream = inShell(FILM, program, "--model", model, "--stream", "rgb24:9x9");
        assertEquals(List.of(), watched.run(folder, environment, stream), "--stream");
        assertEquals(5, Files.readString(folder.resolve("printed")).lines().count());

        List<String> serve = inShell(SERVE, program, "serve", "--listen", "127.0.0.1:0", "--model", model);
        WatchedCommand server = new WatchedCommand(own, List.of(), SocketRule.LOCAL_SERVER);
        assertEquals(List.of(), server.run(folder, environment, serve), "serve");
        // What is said to be quiet is heard.
        assertFalse(new WatchedCommand(own, List.of(), SocketRule.NONE)
                .run(folder, environment, serve)
                .isEmpty());
        Path elsewhere = Files.createTempDirectory("glint-quiet");
        try {
            List<String> loud = new ArrayList<>(program);
            loud.addAll(
                    List.of("decode", "--out", elsewhere.resolve("out.ppm").toString(), folder + "/album/picture.png"));
            assertFalse(watched.run(folder, environment, loud).isEmpty());
        } finally {
            Files.deleteIfExists(elsewhere.resolve("out.ppm"));
            Files.delete(elsewhere);
        }
    }

    private static List<String> inShell(String script, List<String> program, String... words) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(program);
        command.addAll(List.of(words));
        return command;
    }

    private Map<String, String> environment() {
        String tmp = folder.resolve("tmp").toString();
        return Map.of(
                "HOME",
                folder.toString(),
                "TMPDIR",
                tmp,
                "XDG_CACHE_HOME",
                folder.resolve("cache").toString());
    }

    @Test
    void theNativeBinary() throws IOException {
        if (!Files.isExecutable(BINARY)) {
            Skip.needs(QuietIT.class, "the native binary: build with GRAALVM_HOME in the environment");
        }
        assertQuiet(
                List.of(BINARY.toString()),
                environment(),
                List.of(BINARY.toRealPath().getParent()),
                SocketRule.NONE);
    }

    @Test
    void theLauncherOnTheJvm() throws IOException {
        Map<String, String> environment = new java.util.HashMap<>(environment());
        environment.putAll(Map.of(
                "GLINT_JVM",
                "1",
                "GLINT_JAVA_OPTIONS",
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "JAVA_HOME",
                System.getProperty("java.home")));
        List<Path> own = new ArrayList<>(WatchedCommand.java(
                Files.readString(ROOT.resolve("native/target/classpath")).strip()));
        for (String place : List.of("bin", "native/target")) {
            own.add(ROOT.resolve(place).toRealPath());
        }
        assertQuiet(List.of(ROOT.resolve("bin/classify").toString()), environment, own, SocketRule.JDK);
    }
}
