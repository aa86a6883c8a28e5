package dev.glint.onnx.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv2dTranspose;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.ConstantInitializer;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.testing.Graphs;
import dev.glint.onnx.testing.OnnxChecker;
import dev.glint.runtime.failure.GlintException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks of anybody, exported; each export is compared with the block at batches 1 and 3 before it is given away. */
class OnnxExportTest {
    private static NDManager manager;

    @TempDir
    Path folder;

    @BeforeAll
    static void openEngine() {
        manager = NDManager.newBaseManager();
    }

    @AfterAll
    static void closeEngine() {
        manager.close();
    }

    static Stream<Named<Block>> layers() {
        return Stream.of(
                Named.of("transposed convolution", transposed(1, 3)),
                Named.of("transposed convolution, strided and grouped", transposed(2, 4)),
                Named.of("parametric ReLU", Activation.preluBlock()),
                Named.of("layer norm", LayerNorm.builder().build()));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void layersThatTheEngineMayLack(Block layer) {
        Block block = new SequentialBlock().add(layer).add(head());
        assertChecked(initialized(block, 4, 6, 6), 4, 6, 6);
    }

    private static Block transposed(int groups, int kernel) {
        return Conv2dTranspose.builder()
                .setFilters(4)
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(2, 1))
                .optPadding(new Shape(1, 0))
                .optOutPadding(new Shape(groups - 1, 0))
                .optGroups(groups)
                .build();
    }

    static Stream<Named<UnaryOperator<NDArray>>> operators() {
        return Stream.of(
                operator("where", x -> NDArrays.where(x.gt(0), x.mul(2), x.neg())),
                operator(
                        "comparisons",
                        x -> x.gte(0.5)
                                .toType(DataType.FLOAT32, false)
                                .add(x.lt(x.mul(x)).toType(DataType.FLOAT32, false))
                                .add(x.neq(0).logicalAnd(x.lte(1)).toType(DataType.FLOAT32, false))),
                operator("arg max", x -> x.argMax(2).toType(DataType.FLOAT32, false)),
                operator("arg min", x -> x.argMin(3).toType(DataType.FLOAT32, false)),
                operator("largest", x -> x.topK(2, 3, true, true).get(0)),
                operator("sorted", x -> x.sort(2)),
                operator("gather", x -> x.gather(x.argMax(3).expandDims(3), 3)),
                operator(
                        "taken by number",
                        x -> x.get(new NDIndex(":, {}", x.getManager().create(new long[] {2, 0})))),
                operator("norm", x -> x.norm(2, new int[] {2}, true).add(x.norm(1, new int[] {3}, true))),
                operator("normalized", x -> x.normalize(2, 1, 1e-12)),
                operator("running sum", x -> x.cumSum(2)),
                operator("turned around", x -> x.flip(2, 3).add(x)),
                operator("tiled", x -> x.tile(new long[] {1, 1, 2, 1})),
                operator("nearest", x -> internal(x).interpolation(new long[] {8, 12}, 0, false)),
                operator("bilinear", x -> internal(x).interpolation(new long[] {8, 9}, 1, false)),
                operator("mean over areas", x -> internal(x).interpolation(new long[] {2, 1}, 2, false)));
    }

    private static NDArrayEx internal(NDArray array) {
        return array.getNDArrayInternal();
    }

    private static Named<UnaryOperator<NDArray>> operator(String name, UnaryOperator<NDArray> operator) {
        return Named.of(name, operator);
    }

    @ParameterizedTest
    @MethodSource("operators")
    void operatorsInLambdas(UnaryOperator<NDArray> operator) {
        Block block = new SequentialBlock()
                .add(LambdaBlock.singleton(operator::apply))
                .add(Blocks.batchFlattenBlock());
        Block biased = new SequentialBlock().add(conv(4)).add(block);
        assertChecked(initialized(biased, 4, 4, 4), 4, 4, 4);
    }

    static Stream<Named<Block>> recurrent() {
        return Stream.of(
                Named.of("LSTM", LSTM.builder().setStateSize(5).setNumLayers(1).build()),
                Named.of(
                        "LSTM of two layers in both directions",
                        LSTM.builder()
                                .setStateSize(3)
                                .setNumLayers(2)
                                .optHasBiases(false)
                                .optBidirectional(true)
                                .build()),
                Named.of("GRU", GRU.builder().setStateSize(5).setNumLayers(1).build()),
                Named.of(
                        "GRU of two layers in both directions",
                        GRU.builder()
                                .setStateSize(3)
                                .setNumLayers(2)
                                .optHasBiases(false)
                                .optBidirectional(true)
                                .build()));
    }

    @ParameterizedTest
    @MethodSource("recurrent")
    void recurrentLayers(Block layer) {
        Block block = new SequentialBlock().add(layer).add(head());
        assertChecked(initialized(block, 7, 4), 7, 4);
    }

    @Test
    void transformerEncoder() {
        Block encoder = new TransformerEncoderBlock(8, 2, 16, 0.1f, Activation::gelu);
        assertChecked(initialized(new SequentialBlock().add(encoder).add(head()), 5, 8), 5, 8);
    }

    @Test
    void severalInputsAndOutputs() {
        Block block = new SequentialBlock()
                .add(new ParallelBlock(
                        lists -> new NDList(
                                lists.get(0).get(0).add(lists.get(1).get(1)),
                                lists.get(0).get(0)),
                        List.of(Blocks.identityBlock(), Blocks.identityBlock())))
                .add(new LambdaBlock(
                        list -> new NDList(list.get(0).mul(2), list.get(1).argMax(1))));
        OnnxModel model = OnnxExport.trace(block)
                .manager(manager)
                .input("left", 6)
                .input("right", 6)
                .outputs("sum", "largest")
                .model();
        OnnxChecker.check(model);
        assertEquals(List.of("left", "right"), names(model.graph().inputs()));
        assertEquals(List.of("sum", "largest"), names(model.graph().outputs()));
        assertEquals("INT64", model.graph().outputs().get(1).type().name());
    }

    @Test
    void indicesOfWords() {
        NDArray table = manager.arange(12f).reshape(4, 3);
        Block block = new LambdaBlock(
                words -> words.get(0).getNDArrayInternal().embedding(words.get(0), table, SparseFormat.DENSE));
        OnnxModel model = OnnxExport.trace(block)
                .manager(manager)
                .input("words", DataType.INT64, 3, 5)
                .model();
        OnnxChecker.check(model);
        assertEquals(List.of("Gather"), Graphs.ops(model.graph()));
    }

    private static List<String> names(List<ValueInfo> values) {
        return values.stream().map(ValueInfo::name).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18, 21})
    void operatorSets(int opset) {
        Block block = new SequentialBlock()
                .add(LayerNorm.builder().build())
                .add(LambdaBlock.singleton(x -> x.max(new int[] {2}, true).add(x.mean(new int[] {3}, true))))
                .add(head());
        OnnxModel model = OnnxExport.trace(initialized(block, 4, 4, 4))
                .input("x", 4, 4, 4)
                .opset(opset)
                .model();
        OnnxChecker.check(model);
        assertEquals(opset, model.opsets().get(""));
        assertEquals(opset >= 17, Graphs.ops(model.graph()).contains("LayerNormalization"));
        assertThrows(
                IllegalArgumentException.class, () -> OnnxExport.trace(block).opset(14));
    }

    @Test
    void parametersAreNamedByTheUser() {
        Block block = initialized(new SequentialBlock().add(head()), 4, 4, 4);
        Parameter weight = block.getParameters().values().get(0);
        Graph own = OnnxExport.trace(block)
                .input("x", 4, 4, 4)
                .parameterNames(Map.of("my.weight", weight))
                .model()
                .graph();
        assertTrue(own.initializers().containsKey("my.weight"), own::toString);
        Graph usual = OnnxExport.trace(block).input("x", 4, 4, 4).model().graph();
        assertTrue(usual.initializers().containsKey(block.getParameters().keys().get(0)), usual::toString);
    }

    @Test
    void batchMayBeFixed() {
        Block block = initialized(new SequentialBlock().add(head()), 4, 4, 4);
        OnnxModel free = OnnxExport.trace(block).input("x", 4, 4, 4).model();
        assertEquals(
                new Dimension.Free("N"), free.graph().inputs().get(0).shape().get(0));
        OnnxModel fixed = OnnxExport.trace(block).input("x", 4, 4, 4).batch(2).model();
        assertEquals(
                new Dimension.Fixed(2), fixed.graph().inputs().get(0).shape().get(0));
        assertEquals(
                new Dimension.Fixed(2), fixed.graph().outputs().get(0).shape().get(0));
    }

    @Test
    void whatTheEngineLacksIsNamed() {
        Block block = LambdaBlock.singleton(NDArray::asinh);
        GlintException refused = assertThrows(
                GlintException.class,
                () -> OnnxExport.trace(block).manager(manager).input("x", 4).model());
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("NDArray.asinh(), which the engine does not have"), message);
    }

    @Test
    void blockWithoutValuesIsRefused() {
        Block block = new SequentialBlock().add(head());
        GlintException refused = assertThrows(
                GlintException.class,
                () -> OnnxExport.trace(block).input("x", 4, 4, 4).model());
        assertTrue(String.valueOf(refused.getMessage()).contains("has no values"), refused::getMessage);
    }

    /** In a process of its own: DJL's engine wants to be the first to open ONNX Runtime. */
    @Test
    void loadsThroughDjlsOwnEngine() throws Exception {
        Block block =
                new SequentialBlock().add(conv(3)).add(Activation.reluBlock()).add(head());
        initialized(block, 3, 8, 8);
        Path file = folder.resolve("model.onnx");
        OnnxExport.trace(block).input("image", 3, 8, 8).outputs("logits").write(file);

        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dai.djl.offline=true",
                        "-DOPT_OUT_TRACKING=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OnnxRuntimeEngineProgram.class.getName(),
                        file.toString())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));

        NDArray ones = manager.ones(new Shape(2, 3, 8, 8));
        float[] expected = block.forward(new ParameterStore(manager, false), new NDList(ones), false)
                .singletonOrThrow()
                .toFloatArray();
        float[] actual = new float[expected.length];
        List<String> lines = Files.readAllLines(output);
        assertEquals(expected.length, lines.size(), lines::toString);
        for (int i = 0; i < actual.length; i++) {
            actual[i] = Float.parseFloat(lines.get(i));
        }
        assertArrayEquals(expected, actual, 1e-4f);
    }

    private static void assertChecked(Block block, long... sample) {
        OnnxModel model =
                OnnxExport.trace(block).manager(manager).input("x", sample).model();
        OnnxChecker.check(model);
    }

    private static Block conv(int filters) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(1, 1))
                .build();
    }

    private static Block head() {
        return new SequentialBlock()
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(3).build());
    }

    private static Block initialized(Block block, long... sample) {
        block.setInitializer(
                new ConstantInitializer(0.25f), parameter -> parameter.getName().equals("alpha"));
        block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(new Shape(sample)));
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.getType() != Parameter.Type.WEIGHT) {
                NDArray array = parameter.getArray();
                array.addi(manager.randomUniform(0.1f, 0.5f, array.getShape()));
            }
        }
        return block;
    }
}
