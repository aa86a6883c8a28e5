package dev.glint.exporter.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.testing.OnnxChecker;
import dev.glint.onnx.testing.RandomPictures;
import dev.glint.onnx.trace.Tracer;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.weights.block.StateDict;
import java.nio.FloatBuffer;
import java.util.Map;

/** The same pictures through DJL and through ONNX Runtime. */
public final class Differential {
    private Differential() {}

    /**
     * Traces a block, has the C++ checker look at the graph before and after the passes, and compares the logits of
     * both graphs with DJL's for batches of 1 and of 5 random pictures.
     *
     * @return the graph after the passes
     */
    public static Graph check(Block block, long... picture) {
        try (NDManager manager = TorchEngine.newManager(1)) {
            Networks.initialized(block, manager, picture);
            return checkInitialized(block, manager, picture);
        }
    }

    /** The same for a block that has its weights already. */
    public static Graph checkInitialized(Block block, NDManager manager, long... picture) {
        Graph traced = Tracer.trace(block, manager, StateDict.parameters(block), "input", picture);
        Graph rewritten = GraphPass.applyAll(GraphPass.standard(), traced);
        for (Graph graph : new Graph[] {traced, rewritten}) {
            OnnxModel model = OnnxModel.fromGraph(graph, Map.of());
            OnnxChecker.check(model);
            try (OnnxSession session = OnnxSession.open(model, 1)) {
                for (int batch : new int[] {1, 5}) {
                    compare(block, manager, session, batch, picture);
                }
            }
        }
        return rewritten;
    }

    private static void compare(Block block, NDManager manager, OnnxSession session, int batch, long... picture) {
        Shape shape = new Shape(batch).addAll(new Shape(picture));
        FloatBuffer pictures = RandomPictures.normal((int) shape.size(), batch);
        float[] values = new float[pictures.remaining()];
        pictures.duplicate().get(values);
        float[] expected;
        try (NDManager scope = manager.newSubManager()) {
            NDArray input = scope.create(values, shape);
            NDList output = block.forward(new ParameterStore(scope, false), new NDList(input), false);
            expected = output.singletonOrThrow().toFloatArray();
        }
        float[] actual = session.run(pictures, shape.getShape()).get(Tracer.OUTPUT);
        assertEquals(expected.length, actual.length);
        double scale = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            scale = Math.max(scale, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
        }
        assertTrue(scale > 0, "logits that are all zero compare nothing");
        assertTrue(difference <= 1e-4 * scale, difference + " apart, largest logit " + scale);
    }
}
