package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code bin/classify} on the JVM, called through a link. */
class JvmLauncherIT extends ServerProcessContract {
    private static final Path LAUNCHER = SharedData.projectRoot().resolve("bin/classify");

    private static final Path LINK = SharedData.projectRoot().resolve("native/target/classify-link");

    @BeforeAll
    static void makeLink() throws IOException {
        Files.deleteIfExists(LINK);
        Files.createSymbolicLink(LINK, LAUNCHER);
    }

    @Override
    List<String> program(Path temporaryFolder) {
        return List.of(LINK.toString());
    }

    @Override
    Map<String, String> environment(Path temporaryFolder) {
        return Map.of(
                "GLINT_JVM",
                "1",
                "GLINT_JAVA_OPTIONS",
                "-Djava.io.tmpdir=" + temporaryFolder,
                "JAVA_HOME",
                System.getProperty("java.home"));
    }

    @Override
    int exitCodeOfServer(int signal) {
        return 128 + signal;
    }

    @Test
    void librariesAreNamedWhereTheyAreNeededAndNotBefore() throws IOException {
        Map<String, String> environment = Map.of("GLINT_JAVA_OPTIONS", "-Donnxruntime.native.path=/nowhere");

        for (String argument : List.of("--help", "--version")) {
            assertEquals(run(argument), run(environment, new byte[0], argument));
        }
        run(environment, new byte[0], "--model", file("model"), "-k1", file("reddish.png"))
                .assertPrints("red    0.7672\n");
        run(environment, new byte[0], "--engine", "ort", "--model", file("model"), file("reddish.png"))
                .assertFails(3, "/nowhere: found libraries of ONNX Runtime that cannot be loaded (");
    }

    @Test
    void aPictureNeedsNothingOfTheServer() throws IOException {
        Path classes = Path.of(file("classes"));

        Run run = run(
                Map.of("GLINT_JAVA_OPTIONS", "-Xlog:class+load:file=" + classes),
                new byte[0],
                "--model",
                file("model"),
                "-k1",
                file("reddish.png"));

        run.assertPrints("red    0.7672\n");
        String loaded = Files.readString(classes);
        assertTrue(loaded.contains("dev.glint.runtime.model.Classifier"), loaded);
        for (String name : List.of(".httpserver", "io.prometheus", "classify.serve.PictureServer", "java.net.http")) {
            assertFalse(loaded.contains(name), name);
        }
    }

    @Test
    void aMissingJavaIsNamed() throws IOException {
        Run run = run(Map.of("JAVA_HOME", "/nowhere"), new byte[0], "--version");

        assertEquals(1, run.exitCode());
        assertTrue(run.err().startsWith("error: /nowhere/bin/java: found no Java"), run.err());
    }

    @Test
    void aPictureThatNeedsTooMuchMemoryDoesNotStopTheOthers() throws IOException {
        int side = 4_000;
        String large = write(
                "large.png",
                new PngFile()
                        .header(side, side, 8, 2, 0)
                        .imageData(new byte[side * (3 * side + 1)])
                        .end());

        Run run = run(
                Map.of("GLINT_JAVA_OPTIONS", "-Xmx24m"),
                new byte[0],
                "--json",
                "-k1",
                "--model",
                file("model"),
                large,
                file("reddish.png"));

        run.assertErrors(6, large + ": found too little memory");
        assertTrue(run.out().contains("{\"file\":\"" + large + "\",\"error\":\""), run.out());
        assertTrue(run.out().contains("\"label\":\"red\""), run.out());
        assertTrue(run.out().endsWith("}\n]}\n"), run.out());
    }

    /** Of 144 MB, where a tensor finds 24. */
    @Test
    void aModelThatNeedsTooMuchMemoryIsNamed() throws IOException {
        int side = 3_500;
        String contract = TinyModel.contract()
                .toJson()
                .replace("[3,8,8]", "[3," + side + "," + side + "]")
                .replace("\"width\":8,\"height\":8", "\"width\":" + side + ",\"height\":" + side);
        ModelProto.Builder model = TinyModel.model()
                .clearMetadataProps()
                .addMetadataProps(TinyModel.entry(PreprocessContract.METADATA_KEY, contract));
        TensorShapeProto.Builder shape = model.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder();
        shape.getDimBuilder(2).setDimValue(side);
        shape.getDimBuilder(3).setDimValue(side);
        model.getGraphBuilder()
                .clearInitializer()
                .clearNode()
                .addNode(NodeProto.newBuilder()
                        .setOpType("GlobalAveragePool")
                        .addInput("input")
                        .addOutput("means"))
                .addNode(NodeProto.newBuilder()
                        .setOpType("Flatten")
                        .addInput("means")
                        .addOutput("logits"));
        String large = write("large.onnx", model.build().toByteArray());

        run(Map.of("GLINT_JAVA_OPTIONS", "-Xmx24m"), new byte[0], "--model", large, file("reddish.png"))
                .assertFails(6, large + ": found too little memory");
    }
}
