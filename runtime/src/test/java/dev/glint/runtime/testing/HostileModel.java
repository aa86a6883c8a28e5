package dev.glint.runtime.testing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.glint.runtime.contract.PreprocessContract;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Models that someone made to do harm. Each is refused for what it is, before an engine sees any of it. */
public enum HostileModel {
    EXTERNAL_DATA(
            "tensor weights with its data in another file",
            graph(g -> g.getInitializerBuilder(0)
                    .clearFloatData()
                    .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(TinyModel.entry("location", "weights.bin")))),
    EXTERNAL_DATA_ELSEWHERE(
            "tensor  with its data in another file",
            graph(g -> g.addNode(node("Constant", "", "x")
                    .addAttribute(AttributeProto.newBuilder()
                            .setName("value")
                            .setT(TensorProto.newBuilder()
                                    .setDataType(1)
                                    .addDims(1)
                                    .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                                    .addExternalData(TinyModel.entry("location", "../../../../etc/passwd"))))))),
    EXTERNAL_DATA_IN_A_BRANCH(
            "tensor w with its data in another file",
            graph(g -> g.addNode(node("If", "input", "x")
                    .addAttribute(inside(GraphProto.newBuilder()
                            .addInitializer(TensorProto.newBuilder()
                                    .setName("w")
                                    .setDataType(1)
                                    .setDataLocation(TensorProto.DataLocation.EXTERNAL))))))),
    LINK_TO_A_DEVICE("no ONNX model (no regular file)", link("/dev/zero")),
    LINK_TO_A_SECRET("no ONNX model (", link("/etc/passwd")),
    LINK_TO_ITSELF("an unreadable file (", link("model.onnx")),
    PIPE("no ONNX model (no regular file)", HostileModel::makePipe),
    MANIFEST_THAT_LEADS_OUT("a folder without a model", file -> {
        TinyModel.write(file.resolveSibling("outside.onnx"));
        Files.createDirectory(file);
        Files.writeString(file.resolve("manifest.json"), "{\"default\":\"../outside.onnx\"}");
    }),
    DEEP_MANIFEST("a folder without a model", file -> {
        Files.createDirectory(file);
        Files.writeString(file.resolve("manifest.json"), "{\"default\":".repeat(80_000));
    }),
    VAST_SHAPE(
            "tensor v of shape [1099511627776, 1099511627776]",
            graph(g -> g.addInitializer(TensorProto.newBuilder()
                    .setName("v")
                    .setDataType(1)
                    .addDims(1L << 40)
                    .addDims(1L << 40)))),
    NEGATIVE_SHAPE(
            "",
            graph(g -> g.addInitializer(TensorProto.newBuilder()
                    .setName("v")
                    .setDataType(1)
                    .addDims(-1)
                    .addDims(-7)))),
    SHAPE_WITHOUT_DATA(
            "", graph(g -> g.getInitializerBuilder(0).clearFloatData().setDims(0, 1 << 30))),
    VAST_INPUT(
            "",
            graph(g -> g.getInputBuilder(0)
                    .getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .getDimBuilder(2)
                    .setDimValue(1L << 50))),
    UNKNOWN_DOMAIN(
            "operator Relu of the domain evil.example",
            graph(g -> g.addNode(node("Relu", "input", "x").setDomain("evil.example")))),
    FUNCTIONS(
            "functions of its own",
            model(m -> m.addFunctions(FunctionProto.newBuilder().setName("f")))),
    SPARSE("a sparse initializer", graph(g -> g.addSparseInitializer(SparseTensorProto.newBuilder()))),
    METADATA_OF_300_MB("more than 16777216 bytes of metadata", file -> {
        Files.write(file, TinyModel.model().build().toByteArray());
        writeSparse(file, 300 << 20);
    }),
    MANY_KEYS(
            "more metadata",
            model(m -> IntStream.range(0, 2000).forEach(i -> m.addMetadataProps(TinyModel.entry("key" + i, ""))))),
    DEEP_JSON("an invalid preprocessing contract (16000000 characters)", contract("[".repeat(16_000_000))),
    DEEP_OBJECTS("an invalid preprocessing contract (", contract("{\"schema\":".repeat(1_000_000))),
    CONTRACT_OF_A_MILLION_LABELS("an invalid preprocessing contract (", contract(labels(1_000_000))),
    CONTRACT_OF_MANY_LABELS("an invalid preprocessing contract (100002 labels)", contract(labels(100_000))),
    CONTRACT_OF_OBJECTS(
            "an invalid preprocessing contract (",
            contract("{\"schema\":1,\"steps\":[" + "{},".repeat(340_000) + "{}]}")),
    CONTRACT_OF_NUMBERS(
            "an invalid preprocessing contract (", contract("{\"schema\":1,\"mean\":[" + "0,".repeat(500_000) + "0]}")),
    CONTRACT_OF_A_VAST_PICTURE("", contract(TinyModel.contract().toJson().replace(":8", ":2000000000"))),
    CONTRACT_OF_ANOTHER_SIZE("", contract(TinyModel.contract().toJson().replace(":8", ":16"))),
    CONTRACT_OF_ANOTHER_INPUT("", contract(TinyModel.contract().toJson().replace("\"input\"", "\"other\""))),
    CONTRACT_OF_OTHER_LABELS("", contract(TinyModel.contract().toJson().replace("\"red\",", ""))),
    CONTRACT_OF_A_FUTURE(
            "contract schema 99", contract(TinyModel.contract().toJson().replace("\"schema\":1", "\"schema\":99"))),
    CYCLE("", graph(g -> g.addNode(node("Relu", "b", "a")).addNode(node("Relu", "a", "b")))),
    DEEP_GRAPHS("graphs inside graphs, 5 deep", graph(g -> {
        GraphProto.Builder inner = GraphProto.newBuilder();
        for (int i = 0; i < 100; i++) {
            inner = GraphProto.newBuilder().addNode(node("If", "input", "x").addAttribute(inside(inner)));
        }
        g.addNode(node("If", "input", "x").addAttribute(inside(inner)));
    })),
    MANY_NODES("more nodes", graph(g -> IntStream.range(0, 100_001).forEach(i -> g.addNode(node("", "", ""))))),
    MANY_TENSORS(
            "more tensors",
            graph(g -> IntStream.range(0, 100_001)
                    .forEach(i -> g.addInitializer(
                            TensorProto.newBuilder().setName("t" + i).setDataType(1))))),
    MANY_INPUTS(
            "",
            graph(g -> IntStream.range(0, 2_000_000)
                    .forEach(i -> g.getNodeBuilder(0).addInput("x")))),
    LONG_NAME("", graph(g -> g.getNodeBuilder(0).setName("n".repeat(10_000_000)))),
    TILE_BOMB(
            "a node Tile that makes [1, 3000, 8000, 8000]",
            graph(g -> g.addInitializer(sizes("s", 1, 1000, 1000, 1000))
                    .addNode(node("Tile", "input", "x").addInput("s")))),
    TILES_OF_TILES("a node Tile that makes [", graph(g -> {
        g.addInitializer(sizes("s", 1, 5, 5, 5))
                .addNode(node("Tile", "input", "x0").addInput("s"));
        IntStream.range(0, 10)
                .forEach(i -> g.addNode(node("Tile", "x" + i, "x" + (i + 1)).addInput("s")));
    })),
    EXPAND_BOMB(
            "a node Expand that makes [2097152, 3, 8, 8]",
            graph(g -> g.addInitializer(sizes("s", 1 << 21, 1, 1, 1))
                    .addNode(node("Expand", "input", "y").addInput("s")))),
    EXPAND_IN_A_BRANCH(
            "a node Expand that makes [65536, 65536]",
            graph(g -> g.addNode(node("If", "input", "x")
                            .addAttribute(inside(GraphProto.newBuilder()
                                    .addNode(node("Expand", "weights", "y").addInput("s")))))
                    .addInitializer(sizes("s", 1 << 16, 1 << 16)))),
    CONSTANT_BOMB(
            "a node ConstantOfShape that makes [65536, 65536]",
            graph(g -> g.addInitializer(sizes("s", 1 << 16, 1 << 16)).addNode(node("ConstantOfShape", "s", "x")))),
    MANY_CONSTANTS("a node ConstantOfShape that makes [4096, 4096]", graph(g -> {
        g.addInitializer(sizes("s", 1 << 12, 1 << 12));
        IntStream.range(0, 100).forEach(i -> g.addNode(node("ConstantOfShape", "s", "x" + i)));
    })),
    OUTER_SUM(
            "a node Add that makes [65536, 65536]",
            graph(g -> g.addInitializer(sizes("row", 1, 1 << 16))
                    .addInitializer(sizes("column", 1 << 16, 1))
                    .addNode(node("ConstantOfShape", "row", "r"))
                    .addNode(node("ConstantOfShape", "column", "c"))
                    .addNode(node("Add", "r", "x").addInput("c")))),
    DOUBLED_AND_DOUBLED("a node Concat that makes [", graph(g -> {
        g.addNode(node("Concat", "input", "x0").addInput("input").addAttribute(whole("axis", 1)));
        IntStream.range(0, 50)
                .forEach(i -> g.addNode(
                        node("Concat", "x" + i, "x" + (i + 1)).addInput("x" + i).addAttribute(whole("axis", 1))));
    })),
    SPARSE_CONSTANT(
            "a sparse tensor in an attribute",
            graph(g -> g.addNode(node("Constant", "", "x")
                    .clearInput()
                    .addAttribute(AttributeProto.newBuilder()
                            .setName("sparse_value")
                            .setSparseTensor(SparseTensorProto.newBuilder()
                                    .setValues(sizes("v", 1))
                                    .setIndices(sizes("i", 0))
                                    .addDims(1 << 16)
                                    .addDims(1 << 16)))))),
    SIZES_IN_AN_ATTRIBUTE(
            "a node ConstantOfShape that makes [65536, 65536]",
            graph(g -> g.addNode(
                            node("Constant", "", "s").clearInput().addAttribute(wholes("value_ints", 1 << 16, 1 << 16)))
                    .addNode(node("ConstantOfShape", "s", "x")))),
    REDUCED_AND_ENLARGED(
            "a node Pad that makes [",
            graph(g -> g.addInitializer(sizes("p", 0, 0, 1 << 15, 0, 0, 0, 0, 1 << 15))
                    .addNode(node("ReduceMax", "input", "r").addAttribute(wholes("axes", 2, 3)))
                    .addNode(node("Pad", "r", "x").addInput("p")))),
    VAST_PADDING(
            "a node MaxPool that makes [1, 3, 2097159, 2097159]",
            graph(g -> g.addNode(node("MaxPool", "input", "x")
                    .addAttribute(wholes("kernel_shape", 2, 2))
                    .addAttribute(wholes("pads", 1 << 20, 1 << 20, 1 << 20, 1 << 20))))),
    VAST_ENLARGEMENT(
            "a node Resize that makes [1, 3, 100000, 100000]",
            graph(g -> g.addInitializer(sizes("s", 1, 3, 100_000, 100_000))
                    .addNode(node("Resize", "input", "x")
                            .addInput("")
                            .addInput("")
                            .addInput("s")))),
    LENGTH_BEYOND_THE_END("no ONNX model (", file -> Files.write(file, new byte[] {0x3a, -1, -1, -1, -1, 0x7f})),
    ENDLESS_NUMBER("no ONNX model (", file -> {
        byte[] ones = new byte[1 << 20];
        Arrays.fill(ones, (byte) -1);
        Files.write(file, ones);
    }),
    FILE_BEYOND_2_GIB("a file of ", file -> writeSparse(file, Integer.MAX_VALUE));

    /** What writes the model. */
    private interface Maker {
        void write(Path file) throws IOException;
    }

    private final String found;
    private final Maker maker;

    HostileModel(String found, Maker maker) {
        this.found = found;
        this.maker = maker;
    }

    /** How what is said to be found begins. */
    public String found() {
        return found;
    }

    /**
     * Writes it.
     *
     * @param folder an empty one
     * @return what to name as the model
     */
    public Path write(Path folder) throws IOException {
        Path file = folder.resolve("model.onnx");
        maker.write(file);
        return file;
    }

    private static Maker model(Consumer<ModelProto.Builder> change) {
        return file -> {
            ModelProto.Builder model = TinyModel.model();
            change.accept(model);
            Files.write(file, model.build().toByteArray());
        };
    }

    private static Maker graph(Consumer<GraphProto.Builder> change) {
        return model(model -> change.accept(model.getGraphBuilder()));
    }

    private static Maker contract(String json) {
        return file -> Files.write(
                file,
                TinyModel.model()
                        .clearMetadataProps()
                        .addMetadataProps(TinyModel.entry(PreprocessContract.METADATA_KEY, json))
                        .build()
                        .toByteArray());
    }

    private static String labels(int count) {
        String labels = IntStream.range(0, count).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));
        return TinyModel.contract().toJson().replace("\"red\"", labels);
    }

    private static Maker link(String target) {
        return file -> Files.createSymbolicLink(file, Path.of(target));
    }

    private static void makePipe(Path file) throws IOException {
        try {
            if (new ProcessBuilder("mkfifo", file.toString()).start().waitFor() != 0) {
                Files.createDirectory(file);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static NodeProto.Builder node(String operator, String input, String output) {
        return NodeProto.newBuilder().setOpType(operator).addInput(input).addOutput(output);
    }

    private static AttributeProto.Builder inside(GraphProto.Builder graph) {
        return AttributeProto.newBuilder()
                .setName("then_branch")
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(graph);
    }

    private static AttributeProto.Builder whole(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value);
    }

    private static AttributeProto.Builder wholes(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute;
    }

    private static TensorProto.Builder sizes(String name, long... sizes) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(sizes.length);
        Arrays.stream(sizes).forEach(tensor::addInt64Data);
        return tensor;
    }

    /** Puts an entry of zeros into the metadata, which take no place on the disk. */
    private static void writeSparse(Path file, int bytes) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(out.length());

            byte[] length = varint(bytes);
            out.write(0x72);
            out.write(varint(1 + length.length + bytes));
            out.write(0x12);
            out.write(length);
            out.setLength(out.getFilePointer() + bytes);
        }
    }

    private static byte[] varint(long value) {
        StringBuilder bytes = new StringBuilder();
        for (long left = value & 0xffffffffL; ; left >>>= 7) {
            bytes.append((char) (left & 0x7f | (left > 0x7f ? 0x80 : 0)));
            if (left <= 0x7f) {
                return bytes.toString().getBytes(StandardCharsets.ISO_8859_1);
            }
        }
    }
}
