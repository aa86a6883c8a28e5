package dev.glint.runtime.testing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.GeometricStep;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.golden.GoldenSample;
import dev.glint.runtime.golden.GoldenSamples;
import dev.glint.runtime.image.AlphaRule;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.OrientationRule;
import dev.glint.runtime.image.SixteenBitRule;
import dev.glint.runtime.model.Classifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A real ONNX model of two operators (Flatten, Gemm) that tells red, green and blue pictures apart: the logit of a
 * colour is {@value #GAIN} times the mean of its channel, 0 to 1. Users need {@code tribuo-util-onnx} on the test path.
 */
public final class TinyModel {
    /** Rows and columns of the input. */
    public static final int SIZE = 8;

    /** What the mean of a channel is multiplied with. */
    public static final float GAIN = 4;

    private TinyModel() {}

    /** RGB, stretched to {@link #SIZE} x {@link #SIZE}, 0 to 1; labels red, green, blue. */
    public static PreprocessContract contract() {
        return new PreprocessContract(
                ColorSpace.RGB,
                new AlphaRule.Drop(),
                OrientationRule.APPLY,
                SixteenBitRule.AS_PILLOW,
                List.of(new GeometricStep.ResizeExact(SIZE, SIZE, Interpolation.BILINEAR)),
                1 / 255.0,
                List.of(0.0, 0.0, 0.0),
                List.of(1.0, 1.0, 1.0),
                SIZE,
                SIZE,
                "input",
                List.of("red", "green", "blue"));
    }

    /** Writes the model with its contract. */
    public static Path write(Path file) throws IOException {
        return write(file, contract().toJson());
    }

    /** Writes the model with any text where its contract belongs. */
    public static Path write(Path file, String contractJson) throws IOException {
        AtomicFile.write(
                file,
                graph().addMetadataProps(entry(PreprocessContract.METADATA_KEY, contractJson))
                        .build()
                        .toByteArray());
        return file;
    }

    /**
     * Writes the model with a golden sample of noise, as an exporter would.
     *
     * @param error by how much the sample's first logit is wrong; 1e-4 may be
     */
    public static Path writeWithGolden(Path file, float error) throws IOException {
        byte[] picture = PngFile.of(SyntheticPictures.noise(SIZE, SIZE, Image.Mode.RGB));
        try (Classifier classifier = Classifier.open(write(file))) {
            Image decoded = ImageDecoder.decode(picture, contract().decodeOptions());
            float[] logits = classifier.logits(decoded);
            logits[0] += error;
            GoldenSample sample =
                    new GoldenSample("noise.png", picture, GoldenSample.tensorSha256(decoded, contract()), logits);
            String golden = new GoldenSamples(1e-4, List.of(sample)).toJson();
            AtomicFile.write(
                    file,
                    model().addMetadataProps(entry(GoldenSamples.METADATA_KEY, golden))
                            .build()
                            .toByteArray());
        }
        return file;
    }

    /** Writes the model without a contract. */
    public static Path writeWithoutContract(Path file) throws IOException {
        AtomicFile.write(file, graph().build().toByteArray());
        return file;
    }

    /** The model with its contract, for a test that needs another one. */
    public static ModelProto.Builder model() {
        return graph().addMetadataProps(
                        entry(PreprocessContract.METADATA_KEY, contract().toJson()));
    }

    /** Puts an entry into the metadata of any ONNX file, in the place of the one that it had. */
    public static void setMetadata(Path model, String key, String value) throws IOException {
        ModelProto.Builder changed = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
        List<StringStringEntryProto> others = changed.getMetadataPropsList().stream()
                .filter(entry -> !entry.getKey().equals(key))
                .toList();
        changed.clearMetadataProps().addAllMetadataProps(others).addMetadataProps(entry(key, value));
        Files.write(model, changed.build().toByteArray());
    }

    /** An entry of a model's metadata. */
    public static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static ModelProto.Builder graph() {
        GraphProto graph = GraphProto.newBuilder()
                .setName("tiny")
                .addInput(value("input", 3, SIZE, SIZE))
                .addOutput(value("logits", 3))
                .addInitializer(weights())
                .addNode(NodeProto.newBuilder()
                        .setOpType("Flatten")
                        .addInput("input")
                        .addOutput("flat"))
                .addNode(NodeProto.newBuilder()
                        .setOpType("Gemm")
                        .addInput("flat")
                        .addInput("weights")
                        .addOutput("logits")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("transB")
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(1)))
                .build();
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setProducerName("glint-test")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph);
    }

    private static TensorProto weights() {
        int plane = SIZE * SIZE;
        TensorProto.Builder weights = TensorProto.newBuilder()
                .setName("weights")
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .addDims(3)
                .addDims(3L * plane);
        for (int color = 0; color < 3; color++) {
            for (int i = 0; i < 3 * plane; i++) {
                weights.addFloatData(i / plane == color ? GAIN / plane : 0);
            }
        }
        return weights.build();
    }

    private static ValueInfoProto value(String name, int... sizes) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"));
        for (int size : sizes) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
        }
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                .setShape(shape)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** Writes it with 5 MB of weights that nothing needs. */
    public static Path writeLarge(Path file) throws IOException {
        ModelProto.Builder model = model();
        model.getGraphBuilder()
                .addInitializer(TensorProto.newBuilder()
                        .setName("ballast")
                        .setDataType(TensorProto.DataType.FLOAT_VALUE)
                        .addDims(1_250_000)
                        .setRawData(ByteString.copyFrom(new byte[5_000_000])));
        return Files.write(file, model.build().toByteArray());
    }
}
