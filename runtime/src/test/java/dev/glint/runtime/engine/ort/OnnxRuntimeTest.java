package dev.glint.runtime.engine.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How ONNX Runtime starts, which happens once in a process: each test has one or several of its own. */
class OnnxRuntimeTest {
    @TempDir
    private Path folder;

    private record Run(String out, String err) {}

    /** Opens a model twice and says what went wrong. */
    public static final class Open {
        private Open() {}

        public static void main(String[] args) {
            for (int i = 0; i < 2; i++) {
                Model.Options options = Model.Options.defaults().withEngines(List.of(new OnnxRuntimeEngine()));
                try (Model model = Model.open(Path.of(args[0]), options)) {
                    System.out.println(model.contract().labels());
                } catch (GlintException e) {
                    System.out.println(e.reason() + " " + e.getMessage());
                }
            }
        }
    }

    /** Opens a model after making an environment of its own, and says what became of that. */
    public static final class Embedder {
        private Embedder() {}

        public static void main(String[] args) {
            OrtEnvironment own = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_INFO, "own");
            try (Model model = Model.open(
                    Path.of(args[0]),
                    new Model.Options(1, Boolean.parseBoolean(args[1]), List.of(new OnnxRuntimeEngine())))) {
                System.out.println(OnnxRuntime.environment() == own ? own : "another " + model.file());
            }
        }
    }

    /** Opens a model as a command does, or as a program that has no wishes, and says what environment was made. */
    public static final class Owner {
        private Owner() {}

        public static void main(String[] args) {
            if (Boolean.parseBoolean(args[1])) {
                OnnxRuntime.keepQuiet();
            }
            Model.open(Path.of(args[0])).close();
            System.out.println(OrtEnvironment.getEnvironment());
        }
    }

    @Test
    void aTemporaryFolderThatIsMissingOrClosedIsNamed() throws Exception {
        Path missing = folder.resolve("missing");
        String expected =
                "INPUT " + missing + ": found no way to make a file or folder there (no such file or folder), "
                        + "expected a temporary folder, which ONNX Runtime needs on the JVM; "
                        + "name one with -Djava.io.tmpdir=DIR";

        Run run = run(Open.class, List.of("-Djava.io.tmpdir=" + missing), tiny());

        assertEquals(List.of(expected, expected), run.out().lines().toList());
        // /proc takes no folders, not even from root.
        run = run(Open.class, List.of("-Djava.io.tmpdir=/proc"), tiny());
        assertTrue(run.out().startsWith("INPUT /proc: found no way to make a file or folder there ("), run.out());
    }

    @Test
    void librariesThatCannotBeLoadedAreNamed() throws Exception {
        Path libraries = Files.createDirectory(folder.resolve("libraries"));
        Path library = libraries.resolve(System.mapLibraryName("onnxruntime"));
        String line = "INPUT " + libraries + ": found libraries of ONNX Runtime that cannot be loaded (";
        List<String> options = List.of("-Donnxruntime.native.path=" + libraries);

        Run absent = run(Open.class, options, tiny());
        Files.writeString(library, "text ".repeat(1_000));
        Run text = run(Open.class, options, tiny());

        for (Run run : List.of(absent, text)) {
            assertEquals(2, run.out().lines().count(), run.out());
            assertEquals(1, run.out().lines().distinct().count(), run.out());
            assertTrue(run.out().startsWith(line), run.out());
            assertTrue(run.out().contains(library.toString()), run.out());
        }
    }

    @Test
    void theEnvironmentOfAnEmbedderStaysAsItIs() throws Exception {
        String ofItsSessions = "Session successfully initialized";

        Run quiet = run(Embedder.class, List.of(), tiny(), "true");
        Run talkative = run(Embedder.class, List.of(), tiny(), "false");

        for (Run run : List.of(quiet, talkative)) {
            assertEquals(
                    "OrtEnvironment(name=own,logLevel=ORT_LOGGING_LEVEL_INFO,version=", before(run.out(), "version="));
            assertFalse(run.err().contains("Tried to change"), run.err());
        }
        assertFalse(quiet.err().contains(ofItsSessions), quiet.err());
        assertTrue(talkative.err().contains(ofItsSessions), talkative.err());
    }

    @Test
    void onlyAProgramThatAsksForItGetsAnEnvironmentThatSaysNothing() throws Exception {
        Run usual = run(Owner.class, List.of(), tiny(), "false");
        Run quiet = run(Owner.class, List.of(), tiny(), "true");

        assertTrue(usual.out().contains("logLevel=ORT_LOGGING_LEVEL_WARNING"), usual.out());
        assertTrue(quiet.out().contains("logLevel=ORT_LOGGING_LEVEL_FATAL"), quiet.out());
    }

    private static String before(String text, String end) {
        int index = text.indexOf(end);
        return index < 0 ? text : text.substring(0, index + end.length());
    }

    private String tiny() throws IOException {
        return TinyModel.write(folder.resolve("tiny.onnx")).toString();
    }

    private Run run(Class<?> main, List<String> options, String... args) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.addAll(options);
        command.add(main.getName());
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        Run run = new Run(Files.readString(out), Files.readString(err));
        assertEquals(0, process.exitValue(), run.err());
        return run;
    }
}
