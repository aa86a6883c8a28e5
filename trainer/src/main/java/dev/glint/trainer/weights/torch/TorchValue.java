package dev.glint.trainer.weights.torch;

import dev.glint.trainer.pickle.PickleValue;
import dev.glint.trainer.weights.safetensors.DType;
import java.util.List;

/** What a pickled {@code state_dict} is made of besides plain values. */
sealed interface TorchValue extends PickleValue.Made {

    /** A class or function that may be named. */
    record Global(TorchGlobal known) implements TorchValue {}

    /**
     * Values outside the pickle, in a file of the archive.
     *
     * @param count of values
     */
    record Storage(DType type, String key, long count) implements TorchValue {}

    /**
     * A view of a storage.
     *
     * @param offset of the first value, in values
     * @param strides in values, one per size
     */
    record View(Storage storage, long offset, List<Long> shape, List<Long> strides) implements TorchValue {}
}
