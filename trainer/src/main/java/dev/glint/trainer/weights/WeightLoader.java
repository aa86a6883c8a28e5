package dev.glint.trainer.weights;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.pickle.PickleVocabulary;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Puts weights that others have fitted into a block. */
public final class WeightLoader {
    /** How torchvision's files name the layers of a transformer's perceptron, which its code renames as it loads them. */
    private static final Map<String, String> OLD_NAMES =
            Map.of(".mlp.linear_1.", ".mlp.0.", ".mlp.linear_2.", ".mlp.3.");

    /** Batch norm's count of batches, which only a momentum that falls with time would need. */
    private static final String COUNTER = ".num_batches_tracked";

    /** What may differ between the file and the block. */
    public enum Head {
        /** Nothing. */
        MUST_FIT,
        /** The number of classes: then the block's last layer keeps its values. */
        MAY_DIFFER
    }

    private WeightLoader() {}

    /**
     * Copies weights into a block, each to the parameter of its name and shape; numbers of other floating-point types
     * are converted. Either all fit, or the block stays as it was.
     *
     * @param block initialized; its head keeps its values where it is left fresh
     * @param weights name to tensor, as {@link WeightFile} reads them
     * @throws GlintException ({@code INPUT}) naming a tensor that is missing, unknown or of another shape
     */
    public static LoadReport load(Block block, Map<String, StoredTensor> weights, Head head) {
        Map<String, StoredTensor> named = renamed(weights);
        Map<String, Parameter> parameters = StateDict.parameters(block);
        List<String> skipped = new ArrayList<>();
        for (String name : named.keySet()) {
            if (!parameters.containsKey(name)) {
                if (!name.endsWith(COUNTER)) {
                    throw misfit("the tensor " + PickleVocabulary.shown(name), "only those that the model has");
                }
                skipped.add(name);
            }
        }
        List<String> fresh = head == Head.MAY_DIFFER ? freshHead(block, parameters, named) : List.of();
        fresh.stream().filter(named::containsKey).forEach(skipped::add);
        Map<String, Parameter> targets = new LinkedHashMap<>(parameters);
        targets.keySet().removeAll(fresh);
        targets.forEach((name, parameter) -> requireFit(name, parameter, named.get(name)));
        targets.forEach((name, parameter) ->
                BlockWeights.set(parameter.getArray(), Floats.bytes(Objects.requireNonNull(named.get(name)))));
        return new LoadReport(List.copyOf(targets.keySet()), fresh, skipped);
    }

    private static Map<String, StoredTensor> renamed(Map<String, StoredTensor> weights) {
        Map<String, StoredTensor> renamed = new LinkedHashMap<>();
        weights.forEach((name, tensor) -> {
            String current = name;
            for (Map.Entry<String, String> old : OLD_NAMES.entrySet()) {
                current = current.replace(old.getKey(), old.getValue());
            }
            renamed.put(current, tensor);
        });
        return renamed;
    }

    /** The head's parameters, if the file has them with another number of classes or not at all. */
    private static List<String> freshHead(
            Block block, Map<String, Parameter> parameters, Map<String, StoredTensor> named) {
        String prefix = StateDict.head(block) + ".";
        List<String> names = parameters.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
        boolean same =
                names.stream().allMatch(name -> fits(Objects.requireNonNull(parameters.get(name)), named.get(name)));
        boolean otherClasses = names.stream()
                .allMatch(name -> differsInClasses(Objects.requireNonNull(parameters.get(name)), named.get(name)));
        return !same && otherClasses ? names : List.of();
    }

    private static boolean differsInClasses(Parameter parameter, @Nullable StoredTensor tensor) {
        if (tensor == null) {
            return true;
        }
        List<Long> expected = shape(parameter);
        List<Long> found = tensor.shape();
        return found.size() == expected.size()
                && found.subList(1, found.size()).equals(expected.subList(1, expected.size()));
    }

    private static boolean fits(Parameter parameter, @Nullable StoredTensor tensor) {
        return tensor != null && tensor.shape().equals(shape(parameter));
    }

    private static void requireFit(String name, Parameter parameter, @Nullable StoredTensor tensor) {
        if (tensor == null) {
            throw misfit("no tensor " + name, "all that the model has");
        }
        if (!tensor.shape().equals(shape(parameter))) {
            throw misfit(name + " of shape " + tensor.shape(), shape(parameter).toString());
        }
        if (!Floats.convertible(tensor.type())) {
            throw misfit(name + " of " + tensor.type(), "floating-point numbers");
        }
    }

    private static List<Long> shape(Parameter parameter) {
        return LongStream.of(parameter.getShape().getShape()).boxed().toList();
    }

    private static GlintException misfit(String found, String expected) {
        return GlintException.failure(Reason.INPUT, found, expected, "choose the model that the weights were made for");
    }
}
