package dev.glint.trainer.qat;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.trace.Tracer;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.trainer.weights.block.StateDict;
import java.util.Map;

/**
 * A network as ONNX.
 *
 * @param traced what its block does, weights by their names in the {@code state_dict}
 * @param model the same as it is exported: batch norm folded, the contract in the metadata
 */
public record TracedNetwork(Graph traced, OnnxModel model) {

    /**
     * Traces a block with its weights.
     *
     * @param manager of the engine that the weights belong to
     * @param contract what pictures go through before
     * @throws dev.glint.runtime.failure.GlintException ({@code MODEL}) if the block uses an operator without counterpart
     */
    public static TracedNetwork trace(Block block, NDManager manager, PreprocessContract contract) {
        Graph traced = Tracer.trace(
                block,
                manager,
                StateDict.parameters(block),
                contract.inputName(),
                contract.channels(),
                contract.height(),
                contract.width());
        OnnxModel model = OnnxModel.fromGraph(
                GraphPass.applyAll(GraphPass.standard(), traced),
                Map.of(PreprocessContract.METADATA_KEY, contract.toJson()));
        return new TracedNetwork(traced, model);
    }
}
