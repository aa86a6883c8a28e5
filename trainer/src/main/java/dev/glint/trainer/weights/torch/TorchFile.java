package dev.glint.trainer.weights.torch;

import dev.glint.trainer.pickle.PickleValue;
import dev.glint.trainer.pickle.PickleValue.Dict;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The weights in a file that {@code torch.save} has written since PyTorch 1.6. Nothing in it is run. */
public final class TorchFile {
    /** Where training programs put the weights among what else they save. */
    private static final List<String> WRAPPERS = List.of("state_dict", "model_state_dict", "model");

    private TorchFile() {}

    /**
     * Reads the tensors of a {@code state_dict}, in its order; what is no tensor is left out.
     *
     * @return name to tensor, of the types that the file has
     * @throws dev.glint.runtime.failure.GlintException ({@code INPUT}) if it is damaged or holds what weights have no need
     *     of, which is named; ({@code LIMIT}) if it is out of proportion
     * @throws IOException if it cannot be read
     */
    public static Map<String, StoredTensor> read(Path file) throws IOException {
        try (TorchArchive archive = TorchArchive.open(file)) {
            Map<String, StoredTensor> tensors = new LinkedHashMap<>();
            for (Map.Entry<Object, PickleValue> entry :
                    stateDict(archive.value()).items.entrySet()) {
                if (entry.getKey() instanceof String name && entry.getValue() instanceof TorchValue.View tensor) {
                    tensors.put(name, archive.tensor(tensor));
                }
            }
            return tensors;
        }
    }

    private static Dict stateDict(PickleValue value) {
        if (value instanceof Dict dict) {
            if (holdsTensors(dict)) {
                return dict;
            }
            for (String wrapper : WRAPPERS) {
                if (dict.items.get(wrapper) instanceof Dict inner && holdsTensors(inner)) {
                    return inner;
                }
            }
        }
        throw Unreadable.refused("no dict of tensors, neither at the top nor under one of " + WRAPPERS);
    }

    private static boolean holdsTensors(Dict dict) {
        return dict.items.entrySet().stream()
                .anyMatch(entry -> entry.getKey() instanceof String && entry.getValue() instanceof TorchValue.View);
    }
}
