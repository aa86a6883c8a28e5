package dev.glint.exporter.adopt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.glint.exporter.testing.ForeignNetwork;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EqualityProofTest {
    @TempDir
    private Path folder;

    private static ContractSource said() {
        ContractDraft draft = new ContractDraft(
                Optional.of(ColorSpace.BGR),
                Optional.of(new ResizeRule.Exact()),
                Optional.empty(),
                Optional.empty(),
                Optional.of(1.0 / 255),
                Optional.of(List.of(0.1, 0.2, 0.3)),
                Optional.of(List.of(0.5)),
                Optional.empty());
        return new ContractSource.Statements(
                draft, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(List.of("a", "b", "c", "d")));
    }

    private Adoption adopted(ForeignNetwork network) throws IOException {
        return Adoption.adopt(network.write(folder.resolve("net.onnx")), said(), Optional.empty());
    }

    private static EqualityProof proof(Adoption adoption, OnnxModel model) throws IOException {
        return EqualityProof.compare(adoption, model, 0, i -> {
            throw new IllegalArgumentException("no picture " + i);
        });
    }

    @Test
    void modelAnswersAsItsFile() throws IOException {
        Adoption adoption = adopted(ForeignNetwork.planes(4).then("Softmax", Map.of()));
        EqualityProof proof = proof(adoption, adoption.model());
        assertTrue(proof.relativeDifference() < 1e-5, proof.toString());
        assertEquals(8, proof.randomTensors());
        proof.require();
    }

    @Test
    void whatIsLeftOutIsNeverRun() throws IOException {
        ForeignNetwork network = ForeignNetwork.planes(4).output(new Dimension.Free("N"), ForeignNetwork.fixed(4));
        network.thenForeign("ai.onnx.ml", "Binarizer")
                .then("Reshape", Map.of(), network.constant("impossible", Tensor.longs(1000, 1000)))
                .output(ForeignNetwork.fixed(1000), ForeignNetwork.fixed(1000));
        ModelProto model = ModelProto.parseFrom(OnnxWriter.write(network.model(13))).toBuilder()
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(1))
                .build();
        Path file = Files.write(folder.resolve("net.onnx"), model.toByteArray());
        Adoption adoption = Adoption.adopt(file, said(), Optional.empty());
        assertFalse(adoption.foreign().whole());
        proof(adoption, adoption.model()).require();
    }

    @Test
    void aWeightOffByAThousandthIsSeen() throws IOException {
        Adoption adoption = adopted(ForeignNetwork.planes(4));
        EqualityProof proof = proof(adoption, withOtherWeights(adoption.model(), 1.001f));
        GlintException e = assertThrows(GlintException.class, proof::require);
        assertEquals(Reason.GATE, e.reason());
        assertTrue(e.getMessage().contains("expected at most 1e-04 between file and model"), e.getMessage());
    }

    @Test
    void whatIsNoNumberIsFar() throws IOException {
        Adoption adoption = adopted(ForeignNetwork.planes(4));
        EqualityProof proof = proof(adoption, withOtherWeights(adoption.model(), Float.NaN));
        assertThrows(GlintException.class, proof::require);
    }

    private static OnnxModel withOtherWeights(OnnxModel model, float factor) {
        Graph graph = model.graph();
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
        constants.replaceAll((name, tensor) -> {
            if (tensor.type() != ElementType.FLOAT) {
                return tensor;
            }
            float[] values = tensor.toFloats();
            values[0] *= factor;
            return Tensor.floats(tensor.shape(), values);
        });
        return model.withGraph(graph.withNodes(graph.nodes(), constants));
    }

    @Test
    void probabilitiesThatNobodySpeaksOfAreNotTakenForLogits() throws IOException {
        Adoption adoption =
                adopted(ForeignNetwork.planes(4).then("Softmax", Map.of()).then("Clip", Map.of()));
        GlintException e = assertThrows(GlintException.class, () -> proof(adoption, adoption.model()));
        assertEquals(Reason.USAGE, e.reason());
        assertTrue(e.getMessage().endsWith("add --output-kind probabilities"), e.getMessage());
    }
}
