package dev.glint.exporter.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.glint.exporter.job.ExportJob;
import dev.glint.exporter.testing.BarRun;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.Tensor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Classifier;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogitsCheckTest {
    @TempDir
    private Path folder;

    @Test
    void modelOfTheBlockPasses() throws IOException {
        LogitsCheck check = compare(1);
        assertTrue(check.largestLogit() > 0.1);
        check.require();
    }

    @Test
    void weightThatIsSlightlyOffIsNoticed() throws IOException {
        LogitsCheck check = compare(1.002f);
        GlintException refused = assertThrows(GlintException.class, check::require);
        assertEquals(Reason.GATE, refused.reason());
    }

    @Test
    void notANumberNeverPasses() {
        assertThrows(GlintException.class, () -> new LogitsCheck(Double.NaN, 1).require());
        assertThrows(GlintException.class, () -> new LogitsCheck(0, Double.NaN).require());
        new LogitsCheck(0, 0).require();
    }

    private LogitsCheck compare(float factor) throws IOException {
        RunFolder run = BarRun.get();
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block block = run.block(manager);
            OnnxModel model = ExportJob.model(block, manager, run.contract());
            Path file = folder.resolve("model.onnx");
            Files.write(file, OnnxWriter.write(model.withGraph(scaled(model.graph(), factor))));
            try (Classifier classifier = Classifier.open(file)) {
                return LogitsCheck.compare(
                        block, manager, classifier, run.data().heldOut(), 20);
            }
        }
    }

    private static Graph scaled(Graph graph, float factor) {
        Map<String, Tensor> initializers = new LinkedHashMap<>(graph.initializers());
        Tensor weight = initializers.get("fc.weight");
        float[] values = weight.toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        initializers.put("fc.weight", Tensor.floats(weight.shape(), values));
        return graph.withNodes(graph.nodes(), initializers);
    }
}
