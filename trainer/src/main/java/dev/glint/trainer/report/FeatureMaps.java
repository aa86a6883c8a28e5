package dev.glint.trainer.report;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import dev.glint.trainer.model.Operator;
import dev.glint.trainer.model.Sequence;
import dev.glint.trainer.weights.block.StateDict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the layers of a network make of one picture. */
final class FeatureMaps {
    private static final int MAPS = 16;
    private static final int LAYERS = 10;
    private static final int SIDE = 64;

    /**
     * The output of one layer.
     *
     * @param name the path of its block, as tensors are named
     * @param kind of block
     * @param channels C of its (1, C, H, W)
     * @param height H
     * @param width W
     * @param maps the first channels, each from dark (its lowest value) to light (its highest)
     */
    record Layer(String name, String kind, int channels, int height, int width, List<Picture> maps) {}

    private record Output(String name, Block block, NDArray array) {}

    private final ParameterStore parameters;
    private final List<Output> outputs = new ArrayList<>();

    private FeatureMaps(ParameterStore parameters) {
        this.parameters = parameters;
    }

    /**
     * Runs a picture through a block, in inference mode.
     *
     * @param input (1, C, H, W)
     * @param manager owns what is computed on the way
     * @return from the input on; of a convolution with normalization and activation behind it the end only, and of a
     *     deep network a selection from its whole depth
     */
    static List<Layer> trace(Block block, NDArray input, NDManager manager) {
        FeatureMaps maps = new FeatureMaps(new ParameterStore(manager, false));
        maps.run("", block, new NDList(input));
        return maps.selected().stream().map(FeatureMaps::layer).toList();
    }

    /** A sequence's children one by one; any other block, residual ones too, is one layer. */
    private NDList run(String name, Block block, NDList input) {
        if (!(block instanceof Sequence sequence)) {
            NDList output = block.forward(parameters, input, false);
            NDArray array = output.get(0);
            Shape shape = array.getShape();
            if (shape.dimension() == 4 && shape.get(2) * shape.get(3) > 1) {
                outputs.add(new Output(name, block, array));
            }
            return output;
        }
        NDList current = input;
        for (Pair<String, Block> step : sequence.steps()) {
            String dot = name.isEmpty() || step.getKey().isEmpty() ? "" : ".";
            current = run(name + dot + step.getKey(), step.getValue(), current);
        }
        return current;
    }

    private List<Output> selected() {
        List<Output> ends = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            boolean last = i + 1 == outputs.size();
            if (last || !changesValuesOnly(outputs.get(i), outputs.get(i + 1))) {
                ends.add(outputs.get(i));
            }
        }
        if (ends.size() <= LAYERS) {
            return ends;
        }
        List<Output> selected = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            selected.add(ends.get(Math.round(i * (ends.size() - 1f) / (LAYERS - 1))));
        }
        return selected;
    }

    /** Whether a layer mixes neither places nor channels: normalization, activation, dropout. */
    private static boolean changesValuesOnly(Output before, Output output) {
        boolean weighs = StateDict.parameters(output.block()).values().stream()
                .anyMatch(parameter -> parameter.getType() == Parameter.Type.WEIGHT);
        return !weighs && output.array().getShape().equals(before.array().getShape());
    }

    private static Layer layer(Output output) {
        Shape shape = output.array().getShape();
        int channels = (int) shape.get(1);
        int height = (int) shape.get(2);
        int width = (int) shape.get(3);
        int shown = Math.min(MAPS, channels);
        float[] values = output.array().get("0, 0:" + shown).toFloatArray();
        int factor = Math.max(1, (int) Math.ceil(Math.max(width, height) / (double) SIDE));
        List<Picture> maps = new ArrayList<>();
        for (int map = 0; map < shown; map++) {
            float[] plane = Arrays.copyOfRange(values, map * width * height, (map + 1) * width * height);
            maps.add(Picture.heat(Picture.shrink(plane, width, height, factor), width / factor, height / factor));
        }
        return new Layer(output.name(), kind(output.block()), channels, height, width, List.copyOf(maps));
    }

    private static String kind(Block block) {
        if (block instanceof Operator operator) {
            return operator.name();
        }
        return block instanceof LambdaBlock lambda
                ? lambda.getName()
                : block.getClass().getSimpleName();
    }
}
