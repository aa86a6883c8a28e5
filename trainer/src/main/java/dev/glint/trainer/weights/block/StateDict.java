package dev.glint.trainer.weights.block;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The parameters of a block under the names that PyTorch's {@code state_dict} gives them: the names of the children on
 * the way, then that of the tensor, joined by dots, in the order of the layers. Where a block has several weights, or
 * several biases, these go by the names that the block gives them.
 */
public final class StateDict {
    private StateDict() {}

    /**
     * Names the parameters of a block, running statistics of batch norm included.
     *
     * @param block initialized or not; children of any kind go by the names they have in their parent
     * @return name to parameter, in the order of the layers
     */
    public static Map<String, Parameter> parameters(Block block) {
        Map<String, Parameter> named = new LinkedHashMap<>();
        collect("", block, named);
        return named;
    }

    /** How many values a fit may change: running statistics do not count. The block must be initialized. */
    public static long trainableCount(Block block) {
        return parameters(block).values().stream()
                .filter(Parameter::requiresGradient)
                .mapToLong(parameter -> parameter.getShape().size())
                .sum();
    }

    /**
     * The name of the layer that gives the logits, such as {@code fc} or {@code classifier.6}: the last one with
     * parameters.
     */
    public static String head(Block block) {
        String last = null;
        for (String name : parameters(block).keySet()) {
            last = name;
        }
        if (last == null || last.indexOf('.') < 0) {
            throw new IllegalArgumentException("a block whose last parameter is " + last);
        }
        return last.substring(0, last.lastIndexOf('.'));
    }

    private static void collect(String prefix, Block block, Map<String, Parameter> named) {
        Map<String, Long> counts = block.getDirectParameters().values().stream()
                .collect(Collectors.groupingBy(parameter -> tensorName(parameter, ""), Collectors.counting()));
        for (Pair<String, Parameter> parameter : block.getDirectParameters()) {
            String usual = tensorName(parameter.getValue(), parameter.getKey());
            String name = prefix + (counts.getOrDefault(usual, 1L) > 1 ? parameter.getKey() : usual);
            if (named.putIfAbsent(name, parameter.getValue()) != null) {
                throw new IllegalArgumentException("two parameters named " + name);
            }
        }
        for (Pair<String, Block> child : block.getChildren()) {
            collect(prefix + child.getKey() + ".", child.getValue(), named);
        }
    }

    private static String tensorName(Parameter parameter, String fallback) {
        switch (parameter.getType()) {
            case WEIGHT:
            case GAMMA:
                return "weight";
            case BIAS:
            case BETA:
                return "bias";
            case RUNNING_MEAN:
                return "running_mean";
            case RUNNING_VAR:
                return "running_var";
            default:
                return fallback;
        }
    }
}
