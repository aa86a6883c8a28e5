package dev.glint.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.onnx.testing.Graphs;
import dev.glint.runtime.testing.SharedData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in the README, compiled and run as it stands there. */
class ReadmeExampleTest {
    @TempDir
    Path folder;

    @Test
    void exportsABlock() throws Exception {
        String readme = Files.readString(SharedData.projectRoot().resolve("onnx/README.md"));
        int start = readme.indexOf("```java\n") + "```java\n".length();
        Path source = Files.writeString(
                folder.resolve("ExportBlock.java"), readme.substring(start, readme.indexOf("```", start)));
        Path model = folder.resolve("model.onnx");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dai.djl.offline=true",
                        "-Dai.djl.default_engine=PyTorch",
                        "-DOPT_OUT_TRACKING=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        source.toString(),
                        model.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));

        assertEquals(0, process.exitValue());
        assertEquals(Files.size(model) + " bytes", printed.strip());
        OnnxModel read = OnnxReader.read(model);
        assertEquals(List.of("Conv", "Relu", "Flatten", "Gemm"), Graphs.ops(read.graph()));
    }
}
