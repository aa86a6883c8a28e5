package dev.glint.trainer.report;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.image.Image;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The weights that meet the pixels, as pictures. Gray in the middle is 0; a filter's largest weight, whatever its sign,
 * is all light or all dark in its channel, so filters of different strength look alike.
 *
 * @param parameter the name of the weights; empty if the first layer's weights are no pictures
 * @param total how many filters there are
 * @param tiles the first of them
 */
record FilterTiles(String parameter, int total, List<Picture> tiles) {
    private static final int LIMIT = 128;

    /** The first weights of a block, if they belong to a convolution, or to a linear layer over the input's values. */
    static FilterTiles extract(Block block, PreprocessContract contract) {
        for (Map.Entry<String, Parameter> entry : StateDict.parameters(block).entrySet()) {
            Parameter parameter = entry.getValue();
            if (parameter.getType() == Parameter.Type.WEIGHT) {
                return extract(entry.getKey(), parameter, contract);
            }
        }
        return new FilterTiles("", 0, List.of());
    }

    private static FilterTiles extract(String name, Parameter parameter, PreprocessContract contract) {
        Shape shape = parameter.getShape();
        int channels = contract.channels();
        boolean convolution = shape.dimension() == 4 && shape.get(1) == channels && shape.get(2) * shape.get(3) > 1;
        boolean linear = shape.dimension() == 2 && shape.get(1) == contract.tensorSize();
        if (!convolution && !linear) {
            return new FilterTiles("", 0, List.of());
        }
        int height = convolution ? (int) shape.get(2) : contract.height();
        int width = convolution ? (int) shape.get(3) : contract.width();
        int total = (int) shape.get(0);
        float[] weights = BlockWeights.values(parameter.getArray());
        List<Picture> tiles = new ArrayList<>();
        for (int filter = 0; filter < Math.min(total, LIMIT); filter++) {
            tiles.add(Picture.encode(tile(weights, filter * channels * height * width, width, height, channels)));
        }
        return new FilterTiles(name, total, List.copyOf(tiles));
    }

    /** Planes of weights as interleaved samples. */
    static Image tile(float[] weights, int start, int width, int height, int channels) {
        int plane = width * height;
        float largest = 0;
        for (int i = start; i < start + channels * plane; i++) {
            largest = Math.max(largest, Math.abs(weights[i]));
        }
        byte[] samples = new byte[channels * plane];
        for (int i = 0; i < plane; i++) {
            for (int c = 0; c < channels; c++) {
                float share = largest == 0 ? 0 : weights[start + c * plane + i] / largest;
                samples[i * channels + c] = (byte) Math.round(127.5f + 127.5f * share);
            }
        }
        return new Image(width, height, channels == 1 ? Image.Mode.GRAY : Image.Mode.RGB, samples);
    }
}
