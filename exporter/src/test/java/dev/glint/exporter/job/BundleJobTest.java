package dev.glint.exporter.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.glint.exporter.job.BundleJob.WithOnnxRuntime;
import dev.glint.runtime.bundle.Bundle;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleJobTest {
    @TempDir
    private Path folder;

    private Path binary;
    private Path target;

    @BeforeEach
    void writeBinary() throws IOException {
        binary = Files.createDirectory(folder.resolve("dist")).resolve("classify");
        Files.write(binary, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        target = folder.resolve("out/classify-colours");
    }

    @Test
    void aSmallModelGoesWithoutOnnxRuntime() throws IOException {
        Bundle bundle = BundleJob.run(small(), binary, WithOnnxRuntime.AUTO, target);

        assertTrue(bundle.library().isEmpty());
        assertEquals("small.onnx", bundle.model().name());
    }

    @Test
    void itsLibraryGoesInWhereItIsAskedForOrNeeded() throws IOException {
        Files.createDirectory(folder.resolve("dist/lib"));
        Files.writeString(folder.resolve("dist/lib/libonnxruntime.so"), "a library");

        assertTrue(BundleJob.run(small(), binary, WithOnnxRuntime.ALWAYS, target)
                .library()
                .isPresent());
        assertTrue(BundleJob.run(strange(), binary, WithOnnxRuntime.AUTO, target)
                .library()
                .isPresent());
    }

    @Test
    void aModelThatCannotRunAloneIsNotBundledAlone() throws IOException {
        Path strange = strange();

        GlintException e =
                assertThrows(GlintException.class, () -> BundleJob.run(strange, binary, WithOnnxRuntime.NEVER, target));
        assertEquals(Reason.MODEL, e.reason());
        assertTrue(e.getMessage().startsWith(strange + ": found a model that Glint's own engine"), e.getMessage());
        e = assertThrows(GlintException.class, () -> BundleJob.run(strange, binary, WithOnnxRuntime.AUTO, target));
        assertEquals(Reason.INPUT, e.reason());
        assertTrue(e.getMessage().contains("libonnxruntime.so: found no such file"), e.getMessage());
        assertTrue(Files.notExists(target));
    }

    @Test
    void whatIsNoModelIsNotBundled() throws IOException {
        Path text = Files.writeString(folder.resolve("text.onnx"), "no model");

        GlintException e =
                assertThrows(GlintException.class, () -> BundleJob.run(text, binary, WithOnnxRuntime.AUTO, target));
        assertEquals(Reason.MODEL, e.reason());
        assertTrue(Files.notExists(target));
    }

    private Path small() throws IOException {
        return TinyModel.write(folder.resolve("small.onnx"));
    }

    /** With an operator that only ONNX Runtime knows. */
    private Path strange() throws IOException {
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(small())).toBuilder();
        var last = model.getGraphBuilder().getNodeBuilder(model.getGraph().getNodeCount() - 1);
        String output = last.getOutput(0);
        last.setOutput(0, "before");
        model.getGraphBuilder()
                .addNodeBuilder()
                .setOpType("Erf")
                .addInput("before")
                .addOutput(output);
        Path file = folder.resolve("strange.onnx");
        Files.write(file, model.build().toByteArray());
        return file;
    }
}
