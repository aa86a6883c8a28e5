package dev.glint.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.engine.glint.PortableKernels;
import dev.glint.runtime.engine.ort.OnnxRuntimeEngine;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where ONNX Runtime cannot be loaded, or is not there at all, Glint's own engine gives the same answer. */
class WithoutOnnxRuntimeTest {
    private static final Path MODEL =
            SharedData.projectRoot().resolve("edge-samples/models/cifar10-small-vgg/int8.onnx");

    @TempDir
    private Path folder;

    private Path picture;

    @BeforeEach
    void writePicture() throws IOException {
        picture = folder.resolve("picture.png");
        Files.write(picture, PngFile.of(SyntheticPictures.noise(32, 32, Image.Mode.RGB)));
    }

    /** Answers in a process of its own, and says which engine did, and whether a library of ONNX Runtime was loaded for it. */
    public static final class Answer {
        private Answer() {}

        public static void main(String[] args) throws IOException {
            Model.Options options = Model.Options.defaults();
            if (args.length > 2) {
                options = options.withEngines(
                        Engines.forPictures(new PortableKernels(), new OnnxRuntimeEngine(), Long.parseLong(args[2])));
            }
            try (Model model = Model.open(Path.of(args[0]), options);
                    Classifier classifier = model.newClassifier()) {
                Prediction.Candidate top =
                        classifier.classify(Path.of(args[1]), 1).top();
                System.out.printf("%s %s %.4f", model.engine().name(), top.label(), top.probability());
            }
            boolean loaded = Files.readString(Path.of("/proc/self/maps")).contains("onnxruntime");
            System.out.println(loaded ? " with the library" : " without the library");
        }
    }

    @Test
    void theAnswerIsTheSame() throws Exception {
        String usual = run(List.of(), classPath(true));
        String broken = run(List.of("-Donnxruntime.native.path=" + folder), classPath(true));
        String absent = run(List.of(), classPath(false));

        assertTrue(usual.startsWith("ort ") && usual.endsWith(" with the library"), usual);
        assertEquals("glint " + answer(usual) + " without the library", broken);
        assertEquals(broken, absent);
    }

    /** What needs no second opinion loads nothing; many pictures are worth ONNX Runtime's start. */
    @Test
    void aSmallModelLoadsNoLibrary() throws Exception {
        Path tiny = TinyModel.write(folder.resolve("tiny.onnx"));
        String one = run(List.of(), classPath(true), tiny.toString(), picture.toString(), "1");
        assertTrue(one.startsWith("glint ") && one.endsWith(" without the library"), one);
        String many = run(List.of(), classPath(true), MODEL.toString(), picture.toString(), "1000000");
        assertTrue(many.startsWith("ort ") && many.endsWith(" with the library"), many);
    }

    private static String answer(String line) {
        String[] words = line.split(" ");
        return words[1] + " " + words[2];
    }

    private static String classPath(boolean whole) {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String some = Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> whole || !entry.contains("onnxruntime"))
                .collect(Collectors.joining(File.pathSeparator));
        assertFalse(!whole && some.equals(all), "ONNX Runtime's jar is on the class path by another name");
        return some;
    }

    private String run(List<String> options, String classPath, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:-UsePerfData"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, Answer.class.getName()));
        command.addAll(arguments.length > 0 ? List.of(arguments) : List.of(MODEL.toString(), picture.toString()));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), Files.readString(err));
        return Files.readString(out).strip();
    }
}
