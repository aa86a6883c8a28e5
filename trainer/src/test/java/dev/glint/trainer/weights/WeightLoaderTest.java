package dev.glint.trainer.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.weights.WeightLoader.Head;
import dev.glint.trainer.weights.block.BlockOutline;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import dev.glint.trainer.weights.safetensors.DType;
import dev.glint.trainer.weights.safetensors.Safetensors;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightLoaderTest {
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = TorchEngine.newManager(1);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void everyTensorFindsItsPlace() {
        Map<String, StoredTensor> weights = weights(block(10, 1));
        weights.put("bn1.num_batches_tracked", new StoredTensor(DType.I64, List.of(), ByteBuffer.allocate(8)));
        Block target = block(10, 2);
        LoadReport report = WeightLoader.load(target, weights, Head.MUST_FIT);
        weights.remove("bn1.num_batches_tracked");
        assertEquals(List.copyOf(weights.keySet()), report.loaded());
        assertEquals(List.of("bn1.num_batches_tracked"), report.skipped());
        StateDict.parameters(target)
                .forEach((name, parameter) -> assertArrayEquals(
                        weights.get(name).floats(), parameter.getArray().toFloatArray(), name));
    }

    @Test
    void theHeadStaysFreshWhereTheClassesDiffer() {
        Map<String, StoredTensor> weights = weights(block(10, 1));
        Block target = block(3, 2);
        float[] head = StateDict.parameters(target).get("fc.weight").getArray().toFloatArray();
        LoadReport report = WeightLoader.load(target, weights, Head.MAY_DIFFER);
        assertEquals(List.of("fc.weight", "fc.bias"), report.fresh());
        assertEquals(List.of("fc.weight", "fc.bias"), report.skipped());
        assertEquals(weights.size() - 2, report.loaded().size());
        assertArrayEquals(
                head, StateDict.parameters(target).get("fc.weight").getArray().toFloatArray());
        GlintException error =
                assertThrows(GlintException.class, () -> WeightLoader.load(target, weights, Head.MUST_FIT));
        assertMisfit("fc.weight of shape [10, 64], expected [3, 64]", error);
    }

    @Test
    void theHeadIsLoadedWhereTheClassesAgree() {
        LoadReport report = WeightLoader.load(block(10, 2), weights(block(10, 1)), Head.MAY_DIFFER);
        assertEquals(List.of(), report.fresh());
    }

    @Test
    void aMisfitIsNamedAndChangesNothing() {
        Block target = block(10, 2);
        Map<String, StoredTensor> before = weights(target);
        Map<String, StoredTensor> wrong = weights(block(10, 1));
        wrong.put("layer2.conv1.weight", StoredTensor.floats(new float[32 * 16], List.of(32L, 16L, 1L, 1L)));
        assertMisfit("layer2.conv1.weight of shape [32, 16, 1, 1], expected [32, 16, 3, 3]", load(target, wrong));
        Map<String, StoredTensor> missing = weights(block(10, 1));
        missing.remove("layer1.bn2.running_var");
        assertMisfit("no tensor layer1.bn2.running_var", load(target, missing));
        Map<String, StoredTensor> unknown = weights(block(10, 1));
        unknown.put("layer9.weight", StoredTensor.floats(new float[1], List.of(1L)));
        assertMisfit("the tensor layer9.weight", load(target, unknown));
        Map<String, StoredTensor> integers = weights(block(10, 1));
        integers.put("fc.bias", new StoredTensor(DType.I32, List.of(10L), ByteBuffer.allocate(40)));
        assertMisfit("fc.bias of I32", load(target, integers));
        weights(target)
                .forEach((name, tensor) -> assertArrayEquals(before.get(name).floats(), tensor.floats(), name));
    }

    /** NDArray.set would make the weights a view of the mapped file; the first step of a fit would end the process. */
    @Test
    void loadedWeightsCanBeFitted(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("w.safetensors");
        new Safetensors(weights(block(10, 1)), Map.of()).write(file);
        Block target = block(10, 2);
        WeightLoader.load(target, WeightFile.read(file), Head.MUST_FIT);
        Parameter bias = StateDict.parameters(target).get("fc.bias");
        bias.freeze(true);
        bias.getArray().addi(1);
        assertEquals(
                1,
                bias.getArray().toFloatArray()[9]
                        - weights(block(10, 1)).get("fc.bias").floats()[9],
                1e-6);
    }

    @Test
    void theOldNamesOfTransformersAreKnown() {
        Block vit = Architecture.VIT_B_16.build(10);
        BlockOutline.initialize(vit, manager, Architecture.VIT_B_16.inputShape());
        Map<String, StoredTensor> weights = new LinkedHashMap<>();
        StateDict.parameters(vit).keySet().stream()
                .map(name -> name.replace(".mlp.0.", ".mlp.linear_1.").replace(".mlp.3.", ".mlp.linear_2."))
                .forEach(name -> weights.put(name, StoredTensor.floats(new float[1], List.of(1L))));
        GlintException error = assertThrows(GlintException.class, () -> WeightLoader.load(vit, weights, Head.MUST_FIT));
        assertMisfit("class_token of shape [1], expected [1, 1, 768]", error);
    }

    private static GlintException load(Block block, Map<String, StoredTensor> weights) {
        return assertThrows(GlintException.class, () -> WeightLoader.load(block, weights, Head.MUST_FIT));
    }

    private static void assertMisfit(String found, GlintException error) {
        assertEquals(Reason.INPUT, error.reason());
        assertTrue(error.getMessage().startsWith("found " + found), error.getMessage());
    }

    private Block block(int classes, long seed) {
        Architecture architecture = Architecture.RESNET8;
        Block block = architecture.build(classes);
        BlockWeights.initialize(
                block, manager, architecture.inputShape(), architecture.initialization(), new Random(seed));
        return block;
    }

    private static Map<String, StoredTensor> weights(Block block) {
        Map<String, StoredTensor> weights = new LinkedHashMap<>();
        StateDict.parameters(block)
                .forEach((name, parameter) -> weights.put(
                        name,
                        StoredTensor.floats(
                                parameter.getArray().toFloatArray(),
                                LongStream.of(parameter.getShape().getShape())
                                        .boxed()
                                        .toList())));
        return weights;
    }
}
